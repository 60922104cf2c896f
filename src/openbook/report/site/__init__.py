"""The static site of an audit: the pages people read, share and cite.

    view = material -> frozen dataclasses        views/, one module a page
    page = view -> text                          templates/, one template a page
    site = all pages, the style sheet, an icon   render.render_site

No page needs a script, a network or a build step; every link between pages is relative, so the
folder works from a disk, a web server or a mail attachment alike.
"""

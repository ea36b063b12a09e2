"""What FastAPI gives to a page's function."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Form, Header, Request

from idp.web.page import Page, refuse_nul


async def _page(request: Request) -> Page:
    return Page(request)


PageDep = Annotated[Page, Depends(_page)]  # async: a plain function would be a hop to another thread


async def _form_page(page: PageDep, csrf: Annotated[str, Form()] = "") -> Page:
    page.check_csrf(csrf)
    refuse_nul((await page.request.form()).values())
    return page


async def _script_page(page: PageDep, x_csrf: Annotated[str, Header()] = "") -> Page:
    page.check_csrf(x_csrf)
    return page


FormPage = Annotated[Page, Depends(_form_page)]  # a POST of a form, CSRF checked
ScriptPage = Annotated[Page, Depends(_script_page)]  # a POST by our own script, CSRF checked

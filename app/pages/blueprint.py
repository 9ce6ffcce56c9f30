"""The one blueprint of the pages: `url_for("pages.home")`, `url_for("pages.assignment", slug=…)`."""

from flask import Blueprint

blueprint = Blueprint("pages", __name__)

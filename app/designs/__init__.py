"""The element catalogue, and designs as changes to the present situation."""

from __future__ import annotations

import uuid

from flask import Flask

from app.accounts.domain import Actor


def init_app(app: Flask) -> None:
    """Load the catalogue, register the calls, and let comments hang on designs and changes."""
    from app.accounts import overview
    from app.designs import catalogue, made, permissions, queries, service, standing
    from app.designs.compare_routes import blueprint as compare_blueprint
    from app.designs.models import Design
    from app.designs.routes import blueprint
    from app.designs.rule_pages import blueprint as rules_blueprint
    from app.designs.section_routes import blueprint as section_blueprint
    from app.discussion.targets import register_target
    from app.extensions import db
    from app.projects import choices

    def of_design(design_id: uuid.UUID, actor: Actor) -> uuid.UUID | None:
        design = db.session.get(Design, design_id)
        return design.assignment_id if design is not None and permissions.can_see(actor, design) else None

    def of_change(change_id: uuid.UUID, actor: Actor) -> uuid.UUID | None:
        change = queries.change_by_id(change_id)
        return of_design(change.design_id, actor) if change is not None else None

    catalogue.init_app(app)
    choices.register(catalogue.kind_groups)
    register_target("design", of_design)
    register_target("change", of_change)
    standing.register_counter("comments", queries.comment_counts)
    overview.register("designs", made.made_by, title=made.TITLE)
    service.listen()
    app.register_blueprint(blueprint)
    app.register_blueprint(compare_blueprint)
    app.register_blueprint(section_blueprint)
    app.register_blueprint(rules_blueprint)

"""Addresses of the ways to study."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from kartoteka.shelf import parts
from kartoteka.web.study import appealing, boards, choosing, exams, marked, papers, starting, visits


class Mode:
    """The modes there are, so that /sets/…/edit/ is never taken for one."""

    regex = "|".join(sorted(parts("modes", "rules"), key=len, reverse=True))

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Mode, "mode")

urlpatterns: list[URLPattern] = [
    path("today/", starting.today, name="today"),
    path("today/minutes/", starting.minutes, name="minutes"),
    path("today/options/", choosing.options_for_all, name="today_options"),
    path("sets/<uuid:deck>/exam/", exams.new_exam, name="new_exam"),
    path("exams/<uuid:id>/", exams.exam, name="exam"),
    path("exams/<uuid:id>/settle/", exams.settle_exam, name="settle_exam"),
    path("exams/<uuid:id>/drop/", exams.drop_exam, name="drop_exam"),
    path("sets/<uuid:deck>/<mode:mode>/", starting.sit, name="sit"),
    path("sets/<uuid:deck>/<mode:mode>/options/", choosing.options, name="options"),
    path("sets/<uuid:deck>/<mode:mode>/shown/", boards.shown, name="show_runs"),
    path("sets/<uuid:deck>/remember/", starting.remember, name="remember"),
    path("sittings/<uuid:id>/", visits.sitting, name="sitting"),
    path("sittings/<uuid:id>/answer/", visits.answer, name="answer"),
    path("sittings/<uuid:id>/appeal/", appealing.appeal, name="appeal"),
    path("sets/<uuid:deck>/suggestions/", appealing.suggestions, name="suggestions"),
    path("sittings/<uuid:id>/judge/", visits.judge, name="judge"),
    path("sittings/<uuid:id>/undo/", visits.undo, name="undo"),
    path("sittings/<uuid:id>/more/", visits.more, name="meet_more"),
    path("sittings/<uuid:id>/finish/", visits.finish, name="finish"),
    path("sittings/<uuid:id>/mark/", visits.mark, name="mark"),
    path("sittings/<uuid:id>/paper/", papers.paper, name="paper"),
    path("sittings/<uuid:id>/paper/overturn/", marked.overturn, name="overturn_on_paper"),
    path("sittings/<uuid:id>/paper/<slug:kind>/", marked.paper_as, name="paper_as"),
    path("sittings/<uuid:id>/why/<str:card>/", visits.why, name="why"),
    path("sittings/<uuid:id>/card/<str:card>/", visits.card, name="card_of_sitting"),
]

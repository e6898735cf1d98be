"""The lines of a file taken over, and those that it leaves in the journal."""

from quenotte.base.audit.models import Line

NIR = "185044410912395"


def lines(**filters):
    rows = Line.objects.filter(object_kind="import", **filters).order_by("number")
    return [(one.action, one.detail.get("state", "")) for one in rows]


def remarks(source):
    return {row.line: [code for code, _key in row.remarks] for row in source.rows.all()}

from dataclasses import replace

import pytest

from quenotte.devices.agents.osquery.catalogue import (
    QUERIES,
    VERSION,
    by_hand,
    digest,
    known,
    query_of,
    scheduled,
)
from quenotte.devices.agents.osquery.checking import NotAsked, columns_read, forbidden_words
from quenotte.devices.agents.osquery.platforms import platform_of
from quenotte.devices.agents.osquery.tables import FORBIDDEN, READ
from quenotte.devices.agents.osquery.telling import teller
from quenotte.kernel.posture.facts import KEYS
from quenotte.kernel.posture.take_over import PRODUCTS
from quenotte.kernel.posture.terms import Platform

#: Change a question, and both change: machines then forget what they compared with.
SIGNED = (3, "242c60f4ee0a70415487d1a1b26d795e786b807ebe4bb52f0ffb31f7d0a77233")


@pytest.fixture(params=QUERIES, ids=lambda query: query.name)
def query(request):
    return request.param


def test_catalogue_is_the_one_that_was_signed():
    assert (VERSION, digest()) == SIGNED


def test_names_are_unique():
    assert len({query.name for query in QUERIES}) == len(QUERIES)


def test_question_reads_only_what_is_open(query):
    read = columns_read(query)

    assert read
    assert not {table for table, _ in read} & set(FORBIDDEN)
    assert not forbidden_words(query.sql)


def test_question_becomes_facts_of_the_list(query):
    assert query.tells
    assert set(query.tells) <= set(KEYS)
    assert callable(teller(query.platform, query.subject))


def test_question_asks_no_path_and_no_command(query):
    words = {column for _, column in columns_read(query)}

    assert not words & {"cmdline", "cwd", "root", "environ", "remediation_path", "install_location"}


@pytest.mark.parametrize("platform", list(Platform))
def test_nothing_is_open_that_no_question_reads(platform):
    read = {pair for query in by_hand(platform) for pair in columns_read(query)}
    opened = {
        (table, column) for table, columns in READ[platform].items() for column in columns.split()
    }

    assert {pair for pair in read if pair[1]} == opened
    assert not set(READ[platform]) & set(FORBIDDEN)


def asked(sql, platform=Platform.LINUX):
    return replace(query_of(f"{platform}.uptime"), sql=sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT path FROM file WHERE directory = '/'",
        "SELECT name FROM processes WHERE pid IN (SELECT pid FROM process_open_files)",
        "SELECT * FROM shell_history",
        "SELECT cmdline FROM processes",
        "SELECT name FROM processes UNION SELECT url FROM curl",
        "WITH h AS (SELECT * FROM recent_files) SELECT * FROM h",
        "SELECT sql FROM sqlite_master",
        "SELECT name FROM pragma_table_info('processes')",
        "SELECT load_extension('x')",
        "SELECT randomblob(10) FROM uptime",
        "DELETE FROM processes",
        "ATTACH 'x' AS y",
        "PRAGMA user_version",
        "SELECT 1; SELECT name FROM processes",
        "CREATE TABLE x (y)",
        "SELEC name FROM processes",
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n",
    ],
)
def test_other_questions_are_never_asked(sql):
    with pytest.raises(NotAsked):
        columns_read(asked(sql))


def test_tables_of_another_platform_are_closed():
    sql = "SELECT name FROM programs"

    assert columns_read(asked(sql, Platform.WINDOWS)) == {("programs", "name")}
    with pytest.raises(NotAsked):
        columns_read(asked(sql))


def test_counting_rows_is_reading_a_table():
    assert columns_read(asked("SELECT count(*) FROM processes")) == {("processes", "")}


@pytest.mark.parametrize(
    "table", ["file", "yara", "shellbags", "dns_cache", "userassist", "carves"]
)
def test_forbidden_table_is_found_wherever_it_is_named(table):
    assert forbidden_words(f"SELECT 1 /* {table.upper()} */ FROM uptime") == {table}


def test_tables_of_medical_secrecy_are_forbidden():
    named = """
    file recent_files office_mru shellbags prefetch userassist dns_cache shell_history curl yara
    yara_events carves powershell_events process_open_handles chrome_extensions process_envs
    """

    assert set(named.split()) <= set(FORBIDDEN)
    assert len(set(FORBIDDEN)) == len(FORBIDDEN)


def test_every_tool_of_remote_control_is_asked_for():
    for platform in Platform:
        sql = query_of(f"{platform}.remote").sql
        assert all(f"'{head}*'" in sql for _, heads in PRODUCTS for head in heads)


def test_what_is_asked_by_hand_is_not_scheduled():
    for platform in Platform:
        names = {query.name for query in scheduled(platform)}
        assert f"{platform}.clock" not in names
        assert f"{platform}.clock" in {query.name for query in by_hand(platform)}
        assert all(query.interval_s >= 3600 for query in scheduled(platform))


@pytest.mark.parametrize("platform", list(Platform))
def test_machine_that_is_off_at_night_is_asked_everything_each_day(platform):
    """A time that comes while it is off goes by: within seven hours of work each comes once."""
    assert all(query.interval_s * 1.1 < 7 * 3600 for query in scheduled(platform))


def test_disk_is_never_named_to_the_table_of_encryption():
    """Named, it would be looked at without what it stands on."""
    sql = query_of("linux.disks").sql
    assert "SELECT name || '' AS name, encrypted FROM disk_encryption)" in sql


def test_only_the_catalogue_is_known():
    assert known("linux.uptime") is query_of("linux.uptime")
    assert known("pack/autre") is None
    with pytest.raises(KeyError):
        query_of("pack/autre")


@pytest.mark.parametrize(
    ("number", "platform"),
    [(2, Platform.WINDOWS), (9, Platform.LINUX), (21, Platform.MACOS), (37, None), (0, None)],
)
def test_platform_of_a_number(number, platform):
    assert platform_of(number) is platform

import os
import uuid

import psycopg
import pytest

from dev_script import ROOT, run


class Database:
    """An empty database, and a folder of migrations."""

    def __init__(self, url, folder):
        self.url, self.folder = url, folder

    def write(self, file, sql):
        (self.folder / file).write_text(sql)

    def migrate(self):
        return run(ROOT / "dev.d" / "migrate.sh", self.url, self.folder)

    def ask(self, question):
        with psycopg.connect(self.url) as connection:
            return connection.execute(question).fetchall()


@pytest.fixture
def database(tmp_path):
    server = os.environ["SLUICE_TEST_DATABASE_URL"]
    name = f"migrate_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"create database {name}")
        yield Database(server.rpartition("/")[0] + "/" + name, tmp_path)
        connection.execute(f"drop database {name}")


def test_files_are_applied_in_order_and_once(database):
    database.write("0002_b.sql", "insert into t values (2);")
    database.write("0001_a.sql", "create table t (n integer);")
    assert database.migrate().returncode == 0
    assert database.migrate().returncode == 0
    assert database.ask("select n from t") == [(2,)]
    assert database.ask("select number, file from migration order by 1") == [(1, "0001_a.sql"), (2, "0002_b.sql")]


def test_a_file_that_was_edited_after_it_was_applied_is_refused(database):
    database.write("0001_a.sql", "create table t (n integer);")
    database.migrate()
    database.write("0001_a.sql", "create table t (n bigint);")
    refused = database.migrate()
    assert refused.returncode == 1 and "put the change into a new file" in refused.stderr


def test_an_applied_file_that_is_gone_is_refused(database):
    database.write("0001_a.sql", "create table t (n integer);")
    database.migrate()
    (database.folder / "0001_a.sql").unlink()
    assert "newer than this checkout" in database.migrate().stderr


def test_of_a_file_that_fails_nothing_stays(database):
    database.write("0001_a.sql", "create table t (n integer); select 1/0;")
    assert "nothing of it stays" in database.migrate().stderr
    assert database.ask("select to_regclass('t')") == [(None,)]
    assert database.ask("select count(*) from migration") == [(0,)]

"""The step before the notebooks: what it makes, in which order, and how it fails."""

import asyncio
from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from analysis import settings
from analysis.fits.published import PUBLISHED_FITS
from analysis.publish import book_fits
from analysis.publish.errors import BuildError
from analysis.publish.execute import Reporter
from analysis.publish.fit_tasks import FitTask, Schedule
from analysis.publish.fits import make_fits
from analysis.publish.project import Project
from tests.publish import toy_fits


def task(name, seconds, group, *needs):
    return FitTask(name, lambda: None, "toy", seconds, group, needs)


def order(tasks, workers=1):
    """Names in the order in which they are begun, as (worker, name)."""

    async def run():
        schedule, begun = Schedule(tasks), []

        async def work(worker):
            group = None
            while (taken := await schedule.next(group)) is not None:
                group = taken.group
                begun.append((worker, taken.name))
                await asyncio.sleep(taken.seconds / 1000)
                await schedule.done(taken)

        await asyncio.wait_for(asyncio.gather(*map(work, range(workers))), 5)
        return begun

    return asyncio.run(run())


@pytest.mark.unit
class TestSchedule:
    def test_the_longest_group_begins_and_stays_together(self):
        tasks = [task("a", 5, "A"), task("b1", 4, "B"), task("b2", 4, "B"), task("c", 1, "C")]
        assert [name for _, name in order(tasks)] == ["b1", "b2", "a", "c"]

    def test_one_group_is_never_in_two_processes(self):
        tasks = [task(f"a{i}", 5, "A") for i in range(6)]
        assert {worker for worker, _ in order(tasks, workers=2)} == {0}

    def test_a_need_comes_first_whatever_takes_longer(self):
        tasks = [task("after", 50, "B", "first"), task("first", 1, "A")]
        for workers in (1, 2):
            assert [name for _, name in order(tasks, workers)] == ["first", "after"]

    def test_a_need_that_is_not_in_the_list_is_done(self):
        assert order([task("after", 1, "B", "made long ago")]) == [(0, "after")]

    def test_needs_within_and_between_groups_do_not_lock(self):
        tasks = [
            task("a1", 5, "A"),
            task("a2", 5, "A", "b1"),
            task("b1", 4, "B", "a1"),
            task("b2", 4, "B", "a2"),
        ]
        for workers in (1, 2, 3):
            assert len(order(tasks, workers)) == 4


@pytest.fixture
def step(tmp_path, monkeypatch):
    """Make the toy fits in a build folder of the test's own; return what was made and told."""
    log = tmp_path / "log"
    log.touch()
    monkeypatch.setenv(toy_fits.LOG, str(log))
    packages = {"analysis": settings.ROOT, "tests": settings.ROOT}
    project = Project(build=tmp_path / "_build", packages=packages, fits="tests.publish.toy_fits")

    def run(**changes):
        log.write_text("")
        told = StringIO()
        number = make_fits(replace(project, **changes), Reporter(Console(file=told)))
        made = [line.split() for line in log.read_text().splitlines()]
        return number, dict(made), told.getvalue()

    return run


@pytest.mark.integration
class TestMakeFits:
    def test_all_are_made_by_two_processes_and_groups_by_one(self, step):
        number, process, told = step()
        assert number == 5
        assert process.keys() == {"short", "long-1", "long-2", "long-3", "after"}
        assert len(set(process.values())) == 2
        assert process["long-1"] == process["long-2"] == process["long-3"]
        assert told.count("made      ") == 5
        assert "fits: 5 made in" in told

    def test_a_second_run_does_nothing_and_says_nothing(self, step):
        step()
        assert step() == (0, {}, "")

    def test_another_seed_looks_again_and_makes_nothing_that_is_there(self, step):
        step()
        number, process, told = step(seed=7)
        assert (number, process) == (0, {})
        assert "0 made" in told

    def test_an_entry_that_was_removed_with_the_store_is_made_again(self, step, tmp_path):
        step()
        for file in (tmp_path / "_build" / "cache" / "fits").iterdir():
            file.unlink()
        assert step()[0] == 5

    def test_a_failing_fit_is_one_error_and_what_was_done_is_kept(self, step, monkeypatch):
        monkeypatch.setenv("TOY_FITS_FAIL", "long-3")
        with pytest.raises(BuildError, match=r"fit long-3 was not made: no luck"):
            step()
        monkeypatch.delenv("TOY_FITS_FAIL")
        number, process, _ = step()
        assert "long-3" in process
        assert not {"long-1", "long-2"} & process.keys()
        assert number == len(process)

    def test_a_process_that_dies_is_told_with_its_fit(self, step, monkeypatch, tmp_path):
        monkeypatch.setenv("TOY_FITS_DIE", "long-2")
        with pytest.raises(BuildError, match=r"fit long-2 was not made: its process ended"):
            step()
        left = (tmp_path / "_build" / "cache" / "fits").glob("*partial*")
        assert not list(left)

    def test_a_book_without_fits_has_nothing_to_make(self, step):
        assert step(fits=None) == (0, {}, "")


@pytest.mark.unit
def test_the_list_of_the_book_has_every_published_fit_and_all_needs():
    tasks = {task.name: task for task in book_fits.tasks()}
    assert len(tasks) == len(book_fits.tasks())
    assert PUBLISHED_FITS.keys() <= tasks.keys()
    assert {need for task in tasks.values() for need in task.needs} <= tasks.keys()

import sys
from pathlib import Path

import pytest
from psutil import Process, wait_procs

from devserver.children import Child
from devserver.refusal import CannotStart


def child(script: str, log: Path) -> Child:
    return Child(
        "Oven",
        [sys.executable, "-c", script],
        env={},
        cwd=log.parent,
        log=log,
        is_ready=lambda: b"hot" in log.read_bytes(),
    )


def test_a_child_that_ends_too_early_is_named_with_its_last_words(tmp_path: Path) -> None:
    oven = child("print('no gas'); raise SystemExit(3)", tmp_path / "oven.log")
    oven.start()
    with pytest.raises(CannotStart) as refused:
        oven.wait_until_ready()
    assert str(refused.value) == (
        f"Oven stopped by itself (exit code 3).\nThe last lines of {tmp_path}/oven.log:\n  no gas"
    )


def test_stopping_also_ends_what_the_child_has_started(tmp_path: Path) -> None:
    script = (
        "import subprocess, sys; p = subprocess.Popen(['sleep', '60']); "
        "print('hot', p.pid, flush=True); p.wait()"
    )
    oven = child(script, tmp_path / "oven.log")
    oven.start()
    oven.wait_until_ready()
    grandchild = Process(int((tmp_path / "oven.log").read_text().split()[1]))
    oven.stop()
    gone, _alive = wait_procs([grandchild], timeout=60)
    assert gone == [grandchild]

"""One trier a preset, shared: making one compiles an automaton."""

import pytest

from redactor.policy import load_policy
from redactor.policy.override import with_subject
from redactor.trial import Trier


@pytest.fixture(scope="session")
def applied(new_state):
    """(preset, text) -> trial with everything applied, also what waits for a person."""
    made = {}

    def run(policy, text, *, subject=None, field=None):
        key = policy, subject
        if key not in made:
            with new_state() as home, pytest.MonkeyPatch.context() as patch:
                patch.setenv("REDACTOR_HOME", str(home))
                loaded = load_policy(policy)
                if subject:
                    loaded = with_subject(loaded, subject)
                made[key] = Trier(loaded, explain=False)
        return made[key].text(text, field_name=field)

    return run


@pytest.fixture
def refused(tmp_path):
    """What loading says about a policy that extends a preset; None where it loads."""
    from redactor.errors import PolicyError

    def load(preset, text):
        path = tmp_path / "mine.yaml"
        path.write_text(f"version: 1\nname: mine\nextends: {preset}\n{text}\n")
        try:
            load_policy(path)
        except PolicyError as error:
            return str(error)
        return None

    return load

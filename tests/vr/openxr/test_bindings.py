"""The table of controllers."""

import re

import pytest

from vr.openxr import bindings, extensions
from vr.openxr.bindings import PROFILES, Action, Profile
from vr.openxr.extensions import Extensions

NAMED = [pytest.param(profile, id=profile.path.removeprefix("/interaction_profiles/")) for profile in PROFILES]


@pytest.mark.parametrize("profile", NAMED)
def test_every_controller_points_and_selects_with_both_hands(profile: Profile) -> None:
    bound = list(profile.bindings())
    for side in ("left", "right"):
        mine = {action for action, path in bound if f"/hand/{side}/" in path}
        assert mine >= {Action.AIM, Action.GRIP, Action.SELECT}


@pytest.mark.parametrize("profile", NAMED)
def test_no_input_means_two_things(profile: Profile) -> None:
    paths = [path for _, path in profile.bindings()]
    assert len(paths) == len(set(paths))
    assert all(re.fullmatch(r"/user/hand/(left|right)/(input|output)/[a-z_]+(/[a-z_]+)?", path) for path in paths)


@pytest.mark.parametrize("profile", NAMED)
def test_every_controller_but_the_simplest_and_hands_has_all_buttons(profile: Profile) -> None:
    if profile.hand or profile.path.endswith("simple_controller"):
        return
    for side in ("left", "right"):
        assert {action for action, path in profile.bindings() if f"/hand/{side}/" in path} == set(Action)


def test_the_common_controllers_are_known() -> None:
    names = " ".join(profile.path for profile in PROFILES)
    for name in (
        "simple",
        "touch",
        "index",
        "vive",
        "motion",
        "pico4",
        "pico_neo3",
        "mixed_reality",
        "hand_interaction",
    ):
        assert name in names


def test_profiles_of_an_extension_are_told_only_where_it_is_on() -> None:
    without = {profile.path for profile in bindings.offered(Extensions(()))}
    with_pico = {profile.path for profile in bindings.offered(Extensions((extensions.PICO,)))}
    assert not any("bytedance" in path for path in without)
    assert with_pico - without == {p.path for p in PROFILES if p.extension == extensions.PICO}

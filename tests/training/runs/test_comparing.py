"""What two runs differ in, in words."""

from ganstudio.training.config import with_settings
from ganstudio.training.runs.comparing import Difference, differences, recipe_of


def test_only_what_differs_is_told_by_its_title(tiny_config):
    other = with_settings(
        tiny_config,
        {"beta1": 0.0, "x_flip": False, "r1": False, "diff_augment": True, "network_config.z_dim": 16, "log_kimg": 9.0},
    )
    found = {one.title: (one.first, one.second) for one in differences(tiny_config, other)}
    assert found["Adam β₁"] == ("0.5", "0")
    assert found["Mirror pictures"] == ("on", "off")
    assert found["R1"] == ("on", "off")
    assert found["Network: z dim"] == ("8", "16")
    assert found["Augmentation"] == ("off", "on")
    assert found["R1: Every"] == ("2", "") if "R1: Every" in found else any(name.startswith("R1: ") for name in found)
    assert "Curves every" not in found
    assert differences(tiny_config, tiny_config) == ()


def test_a_part_that_both_have_is_told_by_its_setting(tiny_config):
    other = with_settings(tiny_config, {"r1.gamma": 7.0})
    [one] = differences(tiny_config, other)
    assert one == Difference(one.title, one.first, "7")
    assert one.title.startswith("R1: ")


def test_a_recipe_in_a_few_words(tiny_config):
    assert recipe_of(tiny_config) == "DCGAN, non saturating, R1"

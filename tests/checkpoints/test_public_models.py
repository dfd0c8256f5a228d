import re
from urllib.parse import urlsplit

from ganstudio.checkpoints.public_models import public_models


def test_the_catalogue_is_whole_and_claims_nothing_that_nobody_published() -> None:
    models = public_models()
    assert len({model.name for model in models}) == len(models) > 50
    assert len({model.url for model in models}) == len(models)
    for model in models:
        for address in (model.url, model.page):
            assert urlsplit(address).scheme == "https"
        assert re.fullmatch(r"[\w.-]+", model.name)
        assert model.licence
        assert model.resolution in {0, *(2**power for power in range(4, 11))}
        assert re.fullmatch(r"([0-9a-f]{64})?", model.sha256)
        wanted = model.wish()
        assert (wanted.url, wanted.target.name) == (model.url, f"{model.name}.pkl")


def test_it_is_searched_by_words() -> None:
    found = [model.name for model in public_models() if model.matches("stylegan3-r faces 256")]
    assert found == ["stylegan3-r-ffhqu-256x256"]

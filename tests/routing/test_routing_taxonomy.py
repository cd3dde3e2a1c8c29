import pytest

from hotline.errors import InvalidInputError
from hotline.routing.taxonomy import load_taxonomy


def test_both_facets_are_there():
    taxonomy = load_taxonomy()
    assert (len(taxonomy.categories), len(taxonomy.settings), taxonomy.version) == (28, 9, 1)
    assert taxonomy.category("food").name == "假劣食品"
    assert taxonomy.setting("street").name == "流动摊贩"
    assert taxonomy.boundaries[0].endswith("归 other。")


def test_it_is_frozen():
    with pytest.raises(TypeError):
        load_taxonomy().categories["new"] = None


def test_unknown_codes_are_named():
    with pytest.raises(InvalidInputError, match="nothing"):
        load_taxonomy().category("nothing")
    with pytest.raises(InvalidInputError, match="nowhere"):
        load_taxonomy().setting("nowhere")

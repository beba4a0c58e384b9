"""How alike a message is to each entry's examples, with all of them multiplied out and with most left out."""

import numpy as np

from services_catalog.search.index import _best
from services_catalog.search.nearest import SHARPNESS, Nearest, likeliest_of

WIDTH = 24
GROUPS = 600
assert 3 * likeliest_of(GROUPS) < GROUPS


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


def a_catalogue(seed=311, fading=1.0):
    """Entries of one to twenty examples, each entry's examples around a middle of its own.

    With `fading` below 1 the middles differ less from number to number, as an encoder's do along its components.
    """
    draw = np.random.default_rng(seed)
    sizes = draw.integers(1, 21, GROUPS)
    middles = unit(draw.normal(size=(GROUPS, WIDTH)) * fading ** np.arange(WIDTH))
    rows = np.repeat(middles, sizes, axis=0) + draw.normal(scale=0.1, size=(sizes.sum(), WIDTH))
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.intp)
    return unit(rows), starts, unit(middles + draw.normal(scale=0.1, size=middles.shape))


def written_out(vectors, starts, message):
    groups = np.split(vectors @ message, starts[1:])
    best = np.array([g.max() for g in groups])
    return best, np.array([np.log(np.exp(SHARPNESS * (g - 1)).sum() + 1e-9) for g in groups])


def test_up_to_many_examples_every_one_is_multiplied_out():
    vectors, starts, messages = a_catalogue()
    nearest = Nearest(vectors, starts, many=len(vectors))
    for message in messages[:20]:
        best, together = nearest.likeness(message, np.zeros(GROUPS - 1, np.float32))
        expected = written_out(vectors, starts, message)
        np.testing.assert_allclose(best, expected[0], atol=1e-5)
        np.testing.assert_allclose(together, expected[1], atol=1e-3)


def test_beyond_that_the_likeliest_entries_come_out_the_same():
    vectors, starts, messages = a_catalogue()
    nearest = Nearest(vectors, starts, many=len(vectors) - 1)
    for message in messages[::10]:
        best, together = nearest.likeness(message, np.zeros(GROUPS - 1, np.float32))
        expected = written_out(vectors, starts, message)
        first = np.argsort(-expected[0])[:5]  # as many as are ranked
        np.testing.assert_allclose(best[first], expected[0][first], atol=1e-5)
        np.testing.assert_allclose(together[first], expected[1][first], atol=1e-3)
        # What is left out never rises above its true likeness, so it cannot push in front.
        assert (best <= expected[0] + 1e-5).all()


def test_what_is_nearest_comes_out_the_same_when_the_coarse_passes_see_half_of_the_numbers():
    vectors, starts, messages = a_catalogue(fading=0.8)
    nearest = Nearest(vectors, starts, many=0, components=WIDTH // 2, nearest=40)
    for message in messages[::10]:
        best, _ = nearest.likeness(message, np.zeros(GROUPS - 1, np.float32))
        expected = written_out(vectors, starts, message)[0]
        assert best.argmax() == expected.argmax()
        assert abs(best.max() - expected.max()) < 1e-5


def test_an_entry_whose_words_fit_is_multiplied_out_however_unlike_it_is():
    vectors, starts, messages = a_catalogue()
    nearest = Nearest(vectors, starts, many=0)
    expected = written_out(vectors, starts, messages[0])
    sizes = np.diff(np.append(starts, len(vectors)))
    unlike = int(np.argmin(np.where(sizes > 5, expected[0], 1)[:-1]))
    by_words = np.ones(GROUPS - 1, np.float32)
    by_words[unlike] = 0
    assert abs(nearest.likeness(messages[0], by_words)[0][unlike] - expected[0][unlike]) > 1e-3
    by_words[unlike] = 5
    assert abs(nearest.likeness(messages[0], by_words)[0][unlike] - expected[0][unlike]) < 1e-5


def test_the_last_group_is_always_multiplied_out():
    vectors, starts, messages = a_catalogue()
    nearest = Nearest(vectors, starts, many=0)
    for message in messages[:20]:
        best, _ = nearest.likeness(message, np.zeros(GROUPS - 1, np.float32))
        assert abs(best[-1] - written_out(vectors, starts, message)[0][-1]) < 1e-5


def test_of_equal_chances_the_earlier_entry_comes_first():
    chances = np.array([0.1, 0.3, 0.1, 0.3, 0.2, 0.1], np.float32)
    for limit in range(1, 8):
        assert _best(chances, limit).tolist() == [1, 3, 4, 0, 2, 5][:limit]

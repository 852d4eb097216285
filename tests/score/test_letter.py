"""How a letter stands: a pure function of what has been said of it, whatever the order of arrival."""

from __future__ import annotations

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from installation.score import letter
from installation.score.letter import DAY, POINTS, STROKES, Letter, packed, read, state, unpacked

ONE = Letter(id="paris-1-1", sender="paris", text="Il pleut.", written=100.0, expires=100.0 + DAY)


def entry(arguments, stamp=100.0):
    return SimpleNamespace(site="paris", epoch=255, number=7, stamp=stamp, name="letter", arguments=arguments)


def test_a_letter_waits_is_approved_and_delivered():
    said = {}
    for word in ("written", "waiting", "approved", "delivered"):
        assert state(ONE, said, "frisco", 200.0) == word
        said.setdefault("frisco", []).append({"written": "waiting", "waiting": "approved"}.get(word, "delivered"))


def test_a_refusal_is_for_good_of_the_house_that_receives_or_of_the_one_that_sent():
    for site in ("frisco", "paris"):
        assert (
            state(ONE, {"frisco": ["delivered", "approved"], site: ["refused", "approved"]}, "frisco", 1.0) == "refused"
        )
    assert state(ONE, {"tokyo": ["refused", "delivered"]}, "frisco", 200.0) == "written"


def test_a_letter_that_is_too_old_is_expired_even_when_it_had_come():
    assert state(ONE, {"frisco": ["delivered"]}, "frisco", ONE.expires) == "expired"


@given(
    st.permutations([("frisco", w) for w in letter.WORDS] + [("paris", "refused"), ("tokyo", "approved")]),
    st.integers(0, 6),
)
def test_every_order_of_arrival_ends_alike(order, count):
    def all_of(words):
        said = {}
        for site, word in words:
            said.setdefault(site, []).append(word)
        return state(ONE, said, "frisco", 200.0)

    assert all_of(order[:count]) == all_of(sorted(order[:count]))


def test_nobody_writes_in_anothers_name():
    found = read(entry({"text": "x", "expires": 1e9, "id": "frisco-1-1", "from": "frisco"}))
    assert (found.id, found.sender) == ("paris-ff-7", "paris")
    assert found.expires == 100.0 + 30 * DAY, "and none lives for ever"


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.binary(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["text", "strokes", "to", "language", "expires"]), inner, max_size=5)
        ),
    )
)
def test_what_any_peer_writes_is_a_letter_within_bounds_or_none(arguments):
    found = read(entry(arguments))
    assert found is None or ((found.text or found.strokes) and found.expires <= 100.0 + 30 * DAY)


def test_strokes_are_sent_in_six_bytes_a_point_and_come_back():
    strokes = [[[0.0, 1.0, 0.0], [0.5, 0.25, 1.5]], [[2.0, -1.0, 3.0]]]
    made = packed(strokes)
    assert sum(map(len, made)) == 18
    assert [[[round(n, 3) for n in point] for point in stroke] for stroke in unpacked(made)] == [
        [[0.0, 1.0, 0.0], [0.5, 0.25, 1.5]],
        [[1.0, 0.0, 3.0]],
    ]


def test_more_strokes_or_points_than_a_letter_holds_are_refused():
    point = [0.5, 0.5, 0.0]
    assert packed([[point]] * STROKES) and packed([[point] * POINTS])
    assert packed([[point]] * (STROKES + 1)) is None and packed([[point] * (POINTS + 1)]) is None
    assert packed([]) is None and packed([[]]) is None and packed([[[float("nan"), 0.0]]]) is None
    assert sum(map(len, packed([[point] * POINTS]))) < 32 << 10

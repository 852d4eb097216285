"""The visitors' notice, made from the configuration: plain, short, ready for the wall."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from installation.control.echo_file import AGE
from installation.privacy.flows import Configuration, crossings, echoes, points, senses, writes_letters
from installation.score.problem import Say
from installation.score.text import TEXT

WIDTH = 64

TITLE = Say("One work, two cities", "Une œuvre, deux villes")
TITLE_MORE = Say("One work, several cities", "Une œuvre, plusieurs villes")
TITLE_ALONE = Say("This work sees that you are there", "Cette œuvre sent votre présence")
SHARED = Say(
    "{here} and {there} share this work. What you do here moves the picture there; what is done there moves it here.",
    "{here} et {there} partagent cette œuvre. Vos gestes font bouger l'image là-bas ; les leurs la font bouger ici.",
)
SENSED = Say("What is sensed", "Ce qui est capté")
NOT_SENSED = Say("Nothing of you: the work moves by itself.", "Rien de vous : l'œuvre bouge d'elle-même.")
NO_CAMERA = Say(
    "No picture and no sound of you comes into this work.", "Aucune image, aucun son de vous n'entre dans cette œuvre."
)
LEAVES = Say("What leaves the house", "Ce qui sort de la maison")
NOTHING_LEAVES = Say("Nothing.", "Rien.")
NUMBERS = Say(
    "Numbers that hands and sensors move, while they move: {names}.",
    "Des nombres que les gestes et les capteurs font varier, tant qu'ils varient : {names}.",
)
PLACES = Say(
    "Where you stand, or where your hand is, may be among them: two numbers, no name.",
    "Votre place, ou celle de votre main, peut en être : deux nombres, aucun nom.",
)
COUNT = Say(
    "How many people are here: exactly up to four, roughly beyond.",
    "Combien de personnes sont ici : exactement jusqu'à quatre, à peu près au-delà.",
)
WORDS = Say("Words, as they are set: {names}.", "Des mots, tels qu'ils sont écrits : {names}.")
LETTER = Say(
    "The letter that you write or draw, if you send one.", "La lettre que vous écrivez ou dessinez, si vous l'envoyez."
)
READ_FIRST = Say(
    "Somebody of this house reads each letter that comes before it is shown.",
    "Quelqu'un de la maison lit chaque lettre reçue avant de la montrer.",
)
NOT_READ = Say(
    "A letter that comes may be shown before anybody here has read it.",
    "Une lettre reçue peut être montrée avant que quelqu'un d'ici l'ait lue.",
)
TO = Say("All of it goes to {there} alone, encrypted.", "Tout cela va à {there} seulement, chiffré.")
RELAY = Say(
    "On its way it passes a relay that cannot read it.", "En chemin, cela passe par un relais qui ne peut pas le lire."
)
NEVER = Say("Never a picture, never a sound, never your name.", "Jamais une image, jamais un son, jamais votre nom.")
NEVER_UNLESS = Say("Never a picture of you, never a sound.", "Jamais une image de vous, jamais un son.")
KEPT = Say("How long it is kept", "Combien de temps on le garde")
LAST = Say(
    "A number lives until the next one. The last one stays, so that the work goes on after a power cut.",
    "Un nombre vit jusqu'au suivant. Le dernier reste, pour que l'œuvre reprenne après une coupure.",
)
ECHO = Say(
    "While one city sleeps, the other may play its gestures again. They are kept for that: {days} days at most.",
    "Quand une ville dort, l'autre peut rejouer ses gestes. On les garde pour cela : {days} jours au plus.",
)
LETTERS_KEPT = Say(
    "A letter waits for {days} days at most. The last {album} that were shown stay in the album; others are erased.",
    "Une lettre attend {days} jours au plus. Les {album} dernières montrées restent ; les autres sont effacées.",
)
TAKES = Say(
    "The artists may record a rehearsal: these numbers and words, never a picture or a sound.",
    "Les artistes peuvent enregistrer une répétition : ces nombres et ces mots, jamais une image ni un son.",
)
ASK = Say("Whom to ask", "À qui demander")
ANYBODY = Say("Anybody of the house will answer you.", "Toute personne de la maison vous répondra.")
AND = Say("{some} and {last}", "{some} et {last}")
BETWEEN = Say("; ", " ; ")


def notice(found: Configuration, spoken: str) -> str:
    """The whole text in one language, lines of WIDTH letters at most."""
    rig = found.rig
    title = (TITLE_ALONE, TITLE, TITLE_MORE)[min(len(rig.peers), 2)]
    parts = [(title, _opening(found, spoken))]
    parts += [(SENSED, _sensed(found, spoken)), (LEAVES, _leaves(found, spoken)), (KEPT, _kept(found, spoken))]
    parts += [(ASK, iter([rig.contact or ANYBODY.told(spoken)]))]
    return "\n\n".join(_part(head.told(spoken), list(lines)) for head, lines in parts)


def _part(head: str, lines: list[str]) -> str:
    filled = (textwrap.fill(line, WIDTH, break_on_hyphens=False, break_long_words=False) for line in lines)
    return "\n".join([head.upper(), *filled])


def _opening(found: Configuration, spoken: str) -> Iterator[str]:
    if found.rig.peers:
        yield SHARED.told(spoken, here=found.rig.city, there=_cities(found, spoken))


def _cities(found: Configuration, spoken: str) -> str:
    return _listed([peer.city for peer in found.rig.peers], spoken)


def _listed(names: list[str], spoken: str) -> str:
    if len(names) < 2:
        return "".join(names)
    if any("," in name for name in names):
        return BETWEEN.told(spoken).join(names)
    return AND.told(spoken, some=", ".join(names[:-1]), last=names[-1])


def _sensed(found: Configuration, spoken: str) -> Iterator[str]:
    said = [one.senses.told(spoken) for one in senses(found.rig) if one.senses]
    for text in dict.fromkeys(said):
        yield text[:1].upper() + text[1:].rstrip(".") + "."
    if not said:
        yield NOT_SENSED.told(spoken)
    yield NO_CAMERA.told(spoken)


def _leaves(found: Configuration, spoken: str) -> Iterator[str]:
    if not found.rig.peers:
        yield NOTHING_LEAVES.told(spoken)
        return
    names, texts = _names(found, spoken, False), _names(found, spoken, True)
    letters = writes_letters(found)
    if names:
        yield NUMBERS.told(spoken, names=_listed(names, spoken))
    if points(found):
        yield PLACES.told(spoken)
    yield COUNT.told(spoken)
    if texts:
        yield WORDS.told(spoken, names=_listed(texts, spoken))
    if letters:
        yield LETTER.told(spoken)
    yield TO.told(spoken, there=_cities(found, spoken))
    if any(peer.relay for peer in found.rig.peers):
        yield RELAY.told(spoken)
    yield (NEVER_UNLESS if letters or texts else NEVER).told(spoken)
    if letters:
        yield (READ_FIRST if found.rig.letters.moderation == "before" else NOT_READ).told(spoken)


def _names(found: Configuration, spoken: str, texts: bool) -> list[str]:
    """What visitors may call the parameters that cross, each once."""
    shared = [one.parameter for one in crossings(found) if (one.parameter.kind == TEXT) == texts]
    named = (one.label.get(spoken) or one.name for one in shared)
    return list(dict.fromkeys(name[:1].lower() + name[1:] for name in named))


def _kept(found: Configuration, spoken: str) -> Iterator[str]:
    yield LAST.told(spoken)
    if echoes(found):
        yield ECHO.told(spoken, days=round(AGE / 86400.0))
    if writes_letters(found):
        post = found.rig.letters
        yield LETTERS_KEPT.told(spoken, days=f"{post.days:g}", album=post.album)
    yield TAKES.told(spoken)

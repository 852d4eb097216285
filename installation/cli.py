"""The command line: one table of verbs, and how an ending becomes an exit status.

0 done · 1 the user's material is at fault · 2 wrong use · 3 the machine lacks something · 70 a defect of ours.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import re
import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from installation.score.problem import Fault, Say
from installation.speech import Lack, Misuse, argparse_speaks, language, tell


class Arg(NamedTuple):
    """One argument of a verb, as argparse takes it."""

    names: tuple[str, ...]
    said: Say
    options: Mapping[str, Any] = MappingProxyType({})


class Verb(NamedTuple):
    """One word of the command line: what it does, one example, its arguments and the function behind it."""

    said: Say
    example: str
    where: str
    args: tuple[Arg, ...] = ()


def arg(*names: str, en: str, fr: str, **options: Any) -> Arg:
    """An argument's row in the table."""
    return Arg(names, Say(en, fr), options)


JSON = arg(
    "--json",
    en="one JSON object on stdout, nothing else there",
    fr="un objet JSON sur la sortie, rien d'autre",
    action="store_true",
)
SITE = arg(
    "--site",
    en="which running site, when there are several",
    fr="quel site en marche, s'il y en a plusieurs",
    metavar="RIG",
)
SIZE = arg("--size", en="pixels, such as 1280x720", fr="pixels, comme 1280x720", metavar="WxH")
SECONDS = arg("--seconds", en="how long, in seconds", fr="durée, en secondes", type=float, metavar="N")
HEADLESS = arg("--headless", en="without a window", fr="sans fenêtre", action="store_true")
COMPANY = arg(
    "--company",
    en="as in this state: together, alone, asleep, cut",
    fr="comme dans cet état : together, alone, asleep, cut",
    choices=("together", "alone", "asleep", "cut"),
)
OCEAN = arg(
    "--ocean",
    en="the line: a name of `list oceans`, or a file",
    fr="la ligne : un nom de `list oceans`, ou un fichier",
    default="atlantic",
    metavar="PROFILE",
)
SCENE = arg("--scene", en="a scene's name or file", fr="nom ou fichier d'une scène", metavar="S")

VERBS: dict[str, Verb] = {
    "demo": Verb(
        Say("both cities on this machine, over a simulated ocean", "les deux villes sur cette machine, à travers un océan simulé"),
        "jumelage demo --seconds 20 --json",
        "demo:demo",
        (
            SECONDS, SIZE, HEADLESS, SCENE,
            OCEAN,
            arg("--out", en="a picture (.png) or a film (.mp4) of both, side by side", fr="une image (.png) ou un film (.mp4) des deux, côte à côte", metavar="FILE"),
            JSON,
        ),
    ),
    "run": Verb(
        Say("runs one site", "lance un site"),
        "jumelage run laptop --scene tide",
        "site:run",
        (
            arg("rig", en="a rig's file or name", fr="fichier ou nom d'une régie"),
            SCENE,
            arg("--show", en="a show's file or name", fr="fichier ou nom d'un spectacle", metavar="FILE"),
            HEADLESS, SIZE, SECONDS, JSON,
        ),
    ),
    "render": Verb(
        Say("draws scenes or shaders without a screen", "dessine des scènes ou des shaders, sans écran"),
        "jumelage render tide --time 3 --set level=0.8 --out tide.png",
        "picture:render",
        (
            arg("what", en="scenes, or ISF, Shadertoy or GLSL files", fr="scènes, ou fichiers ISF, Shadertoy ou GLSL", nargs="+"),
            arg("--out", en="the file to write", fr="le fichier à écrire", metavar="FILE"),
            arg("--out-dir", en="the folder to write to", fr="le dossier où écrire", metavar="DIR"),
            SIZE,
            arg("--time", en="draws frames 0 to T and keeps the last, as a PNG", fr="dessine les images de 0 à T et garde la dernière, en PNG", type=float, metavar="T"),
            arg("--seconds", en="a video of D seconds", fr="une vidéo de D secondes", type=float, metavar="D"),
            arg("--fps", en="frames per second", fr="images par seconde", type=float, default=60.0, metavar="F"),
            arg("--set", en="a parameter's value; several times", fr="la valeur d'un paramètre ; répétable", action="append", default=[], metavar="NAME=VALUE"),
            arg("--image", en="a picture for an image input", fr="une image pour une entrée image", action="append", default=[], metavar="[NAME=]FILE"),
            arg("--take", en="as this take moved it", fr="telle que cette prise l'a fait bouger", metavar="FILE"),
            COMPANY,
            arg("--flash-guard", en="no more than three flashes in any second, as on the wall", fr="au plus trois éclats par seconde, comme sur le mur", action="store_true"),
            arg("--seed", en="the random seed", fr="la graine du tirage aléatoire", type=int, metavar="N"),
            JSON,
        ),
    ),
    "sheet": Verb(
        Say("a contact sheet of scenes or shaders", "une planche-contact de scènes ou de shaders"),
        "jumelage sheet shaders/filters --out filters.png --columns 3",
        "sheet:sheet",
        (
            arg("paths", en="scenes, shaders or folders; without, all there are", fr="scènes, shaders ou dossiers ; sans rien, tous", nargs="*", metavar="PATH"),
            arg("--out", en="the picture to write", fr="l'image à écrire", metavar="FILE.png", required=True),
            arg("--size", en="of one picture, such as 480x270", fr="d'une image, comme 480x270", metavar="WxH"),
            arg("--time", en="seconds of the scene", fr="secondes de la scène", type=float, default=4.0, metavar="T"),
            COMPANY,
            arg("--columns", en="how many beside one another", fr="combien côte à côte", type=int, metavar="N"),
            JSON,
        ),
    ),
    "week": Verb(
        Say("a week of two cities' hours in seconds, as a page of pictures", "une semaine des heures de deux villes, en quelques secondes, en une page d'images"),
        "jumelage week tide --from 2027-03-08 --out week.png",
        "week:week",
        (
            arg("scene", en="a scene", fr="une scène", metavar="SCENE"),
            arg("--from", en="its first day; this week's Monday if not given", fr="son premier jour ; sinon le lundi de cette semaine", dest="from_", metavar="DATE"),
            arg("--rig", en="the house; paris if not given, with the other cities that its rig names", fr="le lieu ; paris sinon, avec les autres villes de sa régie", metavar="RIG"),
            arg("--hours", en="between two pictures; 2 if not given", fr="entre deux images ; 2 sinon", type=int, default=2, metavar="N"),
            arg("--size", en="of one picture, such as 160x90", fr="d'une image, comme 160x90", metavar="WxH"),
            arg("--out", en="the picture to write", fr="l'image à écrire", metavar="FILE.png"),
            arg("--seed", en="other visitors", fr="d'autres visiteurs", type=int, default=0, metavar="N"),
            JSON,
        ),
    ),
    "check": Verb(
        Say("reads and compiles all; each problem on its own line", "lit et compile tout ; un problème par ligne"),
        "jumelage check scenes/tide",
        "material:check",
        (arg("paths", en="scenes, shaders, rigs, shows or folders", fr="scènes, shaders, régies, spectacles ou dossiers", nargs="*"), JSON),
    ),
    "new": Verb(
        Say("makes a scene or a rig that passes `check` at once", "crée une scène ou une régie prête à passer `check`"),
        "jumelage new scene lighthouse",
        "material:new",
        (
            arg("kind", en="scene or rig", fr="scene ou rig", choices=("scene", "rig")),
            arg("name", en="its name", fr="son nom"),
            arg("--python", en="a scene in Python", fr="une scène en Python", action="store_true"),
        ),
    ),
    "list": Verb(
        Say("what there is", "ce qu'il y a"),
        "jumelage list scenes",
        "material:show",
        (arg("kind", en="what to list", fr="ce qu'il faut lister", choices=("devices", "scenes", "parameters", "presets", "cues", "shaders", "rigs", "oceans", "sites")), SITE, SCENE, JSON),
    ),
    "ocean": Verb(
        Say("changes the simulated ocean of a running demo, or says how it is", "change l'océan simulé d'une démo en marche, ou en donne l'état"),
        "jumelage ocean storm",
        "ocean:ocean",
        (
            arg("word", en="a name of `list oceans`; hole, reset, drop, stall SECONDS, mend; set NAME VALUE; none: how it is", fr="un nom de `list oceans` ; hole, reset, drop, stall SECONDES, mend ; set NOM VALEUR ; sans rien : l'état", nargs="*"),
            JSON,
        ),
    ),
    "twin-test": Verb(
        Say("rehearses a scene's sharing: converges, or what is lost", "répète le partage d'une scène : converge, ou ce qui se perd"),
        "jumelage twin-test tide --ocean storm",
        "twin_test:twin_test",
        (
            arg("scene", en="a scene's name or file", fr="nom ou fichier d'une scène"),
            OCEAN,
            arg("--sites", en="how many cities, 2 to 5", fr="combien de villes, de 2 à 5", type=int, default=2, metavar="N"),
            arg("--against", en="another version of the scene, in the last city", fr="une autre version de la scène, dans la dernière ville", metavar="SCENE"),
            arg("--seconds", en="how long it may take, about", fr="durée, à peu près", type=float, default=5.0, metavar="S"),
            arg("--seed", en="of the hands, cuts and restarts", fr="graine des gestes, coupures et redémarrages", type=int, default=1, metavar="N"),
            JSON,
        ),
    ),
    "watch": Verb(
        Say("prints events as they come: find what that fader sends", "affiche les événements : qu'envoie ce potentiomètre ?"),
        "jumelage watch laptop",
        "watch:watch",
        (arg("rig", en="a rig, or a running site", fr="une régie, ou un site en marche"), SECONDS, JSON),
    ),
    "set": Verb(
        Say("gives a parameter a value", "donne une valeur à un paramètre"),
        "jumelage set /scene/level 0.8",
        "site:set_value",
        (
            arg("address", en="/scene/NAME, or NAME", fr="/scene/NOM, ou NOM"),
            arg("value", en="numbers, true, false; none for an event", fr="nombres, true, false ; rien pour un événement", nargs="*"),
            arg("--hold", en="keep it against every hand until released", fr="la tenir contre toute main, jusqu'au relâchement", action="store_true"),
            arg("--release", en="let it go", fr="la relâcher", action="store_true"),
            SITE, JSON,
        ),
    ),
    "get": Verb(
        Say("prints a value", "affiche une valeur"),
        "jumelage get /scene/level",
        "site:get_value",
        (arg("address", en="any address", fr="toute adresse"), SITE, JSON),
    ),
    "go": Verb(
        Say("gives a cue, in every city", "donne un top, dans toutes les villes"),
        "jumelage go dusk",
        "site:go",
        (arg("cue", en="a cue of the show, scene:NAME or preset:NAME", fr="un top du spectacle, scene:NOM ou preset:NOM"), arg("--on", en="waits for the next bar or beat", fr="attend la prochaine mesure (bar) ou le prochain temps (beat)", choices=("bar", "beat")), SITE, JSON),
    ),
    "veil": Verb(
        Say("veils the picture and the link; again lifts it", "pose le voile sur l'image et le lien ; de nouveau, le lève"),
        "jumelage veil",
        "site:veil",
        (arg("state", en="on or off; else the other of the two", fr="on ou off ; sinon l'autre des deux", nargs="?", choices=("on", "off")), SITE, JSON),
    ),
    "blackout": Verb(
        Say("black; again lifts it", "fait le noir ; de nouveau, rend l'image"),
        "jumelage blackout",
        "site:blackout",
        (arg("state", en="on or off", fr="on ou off", nargs="?", choices=("on", "off")), SITE, JSON),
    ),
    "pattern": Verb(
        Say("the projectors' test pattern; again lifts it", "la mire des vidéoprojecteurs ; de nouveau, la retire"),
        "jumelage pattern",
        "site:pattern",
        (arg("state", en="on or off", fr="on ou off", nargs="?", choices=("on", "off")), SITE, JSON),
    ),
    "time": Verb(
        Say("stops or moves the scene's time, at this site only", "arrête ou déplace le temps de la scène, à ce site seulement"),
        "jumelage time 12.5",
        "site:time",
        (arg("to", en="pause, play, or seconds to stop at; without, says where it is", fr="pause, play, ou les secondes où s'arrêter ; sans rien, dit où il en est", nargs="?"), SITE, JSON),
    ),
    "solo": Verb(
        Say("shows one layer alone, at this site only", "montre une couche seule, à ce site seulement"),
        "jumelage solo grain",
        "site:solo",
        (arg("layer", en="a layer's name, or off", fr="le nom d'une couche, ou off"), SITE, JSON),
    ),
    "reset": Verb(
        Say("brings parameters back to their defaults", "rend aux paramètres leur valeur par défaut"),
        "jumelage reset level swell",
        "site:reset",
        (arg("names", en="which; without, all of the scene's", fr="lesquels ; sans rien, tous ceux de la scène", nargs="*"), SITE, JSON),
    ),
    "status": Verb(
        Say("how a running site fares", "l'état d'un site en marche"),
        "jumelage status --json",
        "site:status",
        (SITE, JSON),
    ),
    "letter": Verb(
        Say("writes a letter to the other city, shows what waits, says yes or no", "écrit une lettre à l'autre ville, montre ce qui attend, dit oui ou non"),
        "jumelage letter write --language fr Il pleut ici.",
        "letter:letter",
        (
            arg("act", en="write, list, approve or refuse (of one's own: take back)", fr="write, list, approve ou refuse (d'une des siennes : la reprendre)", choices=("write", "list", "approve", "refuse")),
            arg("words", en="what is written; or which letter", fr="ce qui est écrit ; ou quelle lettre", nargs="*"),
            arg("--strokes", en="a drawing: JSON, lists of [x, y, seconds] from 0 to 1", fr="un dessin : JSON, listes de [x, y, secondes] de 0 à 1", metavar="FILE"),
            arg("--language", en="in which language", fr="dans quelle langue", metavar="L"),
            arg("--to", en="to one city alone", fr="à une seule ville", metavar="CITY"),
            SITE, JSON,
        ),
    ),
    "record": Verb(
        Say("writes what happens at a running site into a take", "enregistre dans une prise ce qui arrive à un site en marche"),
        "jumelage record --site paris --out evening.take",
        "take:record",
        (
            SITE,
            arg("--out", en="the take to write", fr="la prise à écrire", metavar="TAKE", required=True),
            SECONDS, JSON,
        ),
    ),
    "replay": Verb(
        Say("plays a take's devices again, in a site of its own", "rejoue les appareils d'une prise, dans un site à part"),
        "jumelage replay evening.take --loop",
        "take:replay",
        (
            arg("take", en="a take that `jumelage record` wrote", fr="une prise écrite par `jumelage record`"),
            arg("--loop", en="over and over", fr="en boucle", action="store_true"),
            arg("--scene", en="another scene than the take's", fr="une autre scène que celle de la prise", metavar="S"),
            HEADLESS, SIZE, SECONDS, JSON,
        ),
    ),
    "keys": Verb(
        Say("this house's key pair and the peers it trusts", "la paire de clés du site et ses pairs de confiance"),
        "jumelage keys show",
        "machine:keys",
        (
            arg("do", en="new, show, trust, forget; next, turn: change this house's key", fr="new, show, trust, forget ; next, turn : changer la clé de la maison", choices=("new", "show", "trust", "forget", "next", "turn")),
            arg("peer", en="for trust and forget: the peer's name", fr="pour trust et forget : le nom du pair", nargs="?"),
            arg("key", en="for trust: its public key", fr="pour trust : sa clé publique", nargs="?"),
            arg("--anyway", en="for turn: though not every peer has been told", fr="pour turn : même si un pair n'est pas au courant", action="store_true"),
            JSON,
        ),
    ),
    "relay": Verb(
        Say("where two venues meet that nobody can call; it carries what it cannot read", "où se rejoignent deux lieux que nul ne peut appeler ; il transporte ce qu'il ne peut pas lire"),
        "jumelage relay --port 7411",
        "relay:relay",
        (
            arg("do", en="run a relay here (by default), or join: keep the secret of one", fr="run : lancer un relais ici (par défaut) ; join : garder le secret d'un relais", choices=("run", "join"), nargs="?", default="run"),
            arg("secret", en="for join: what the relay printed", fr="pour join : ce que le relais a affiché", nargs="?"),
            arg("--port", en="where it listens", fr="le port d'écoute", type=int, default=7411),
            arg("--host", en="on one address of this machine only", fr="sur une seule adresse de cette machine", default=""),
            JSON,
        ),
    ),
    "privacy": Verb(
        Say("every flow of a configuration, and the notice for the visitors", "tous les flux d'une configuration, et l'avis aux visiteurs"),
        "jumelage privacy paris --notice both",
        "privacy:privacy",
        (
            arg("rig", en="a rig; laptop unless told", fr="une régie ; laptop par défaut", nargs="?"),
            arg("--scene", en="of this scene alone", fr="de cette scène seulement", metavar="S"),
            arg("--show", en="of all scenes of this show", fr="de toutes les scènes de ce spectacle", metavar="FILE"),
            arg("--notice", en="the notice alone, for the wall", fr="l'avis seul, pour le mur", choices=("fr", "en", "both")),
            JSON,
        ),
    ),
    "doctor": Verb(
        Say("what is wrong with this machine and what to do", "ce qui ne va pas sur cette machine, et quoi faire"),
        "jumelage doctor",
        "machine:doctor",
        (arg("--rig", en="look at this rig's ports too", fr="examiner aussi les ports de cette régie", metavar="RIG"), JSON),
    ),
    "bench": Verb(
        Say("the benchmarks, as ratios in one run", "les mesures de vitesse, en rapports au sein d'un même passage"),
        "jumelage bench frame",
        "machine:bench",
        (
            arg("name", en="frame (and its parts), shaders (reading and compiling), scene (changes, saves, memory), start, tick, osc, mirror, twin (beside what people use today), clock, cue (a cue in both cities), ocean (the simulated line itself)", fr="frame (l'image et ses parties), shaders (lecture et compilation), scene (changements, sauvegardes, mémoire), start (démarrage), tick, osc, mirror, twin (à côté des outils d'aujourd'hui), clock (horloge), cue (un top dans les deux villes), ocean (la ligne simulée)", nargs="*"),
            JSON,
        ),
    ),
    "test": Verb(
        Say("passes the tests", "lance les tests"),
        "./jumelage test",
        "machine:test",
    ),
}  # fmt: skip


def parser(spoken: str) -> argparse.ArgumentParser:
    """The parser of the whole table, its help in `spoken` ("en" or "fr")."""
    about = Say(
        "Jumelage: one artwork, two cities. Begin with `jumelage demo`.",
        "Jumelage : une œuvre, deux villes. Commencez par `jumelage demo`.",
    )
    argparse_speaks(spoken)
    top = argparse.ArgumentParser(prog="jumelage", description=about.told(spoken), allow_abbrev=False)
    top.add_argument(
        "--project", help=Say("a folder with scenes/", "un dossier qui contient scenes/").told(spoken), metavar="DIR"
    )
    top.add_argument("--lang", choices=("en", "fr"), help=Say("language", "langue").told(spoken))
    top.add_argument("--debug", action="store_true", help=Say("tracebacks", "traces d'erreur").told(spoken))
    verbs = top.add_subparsers(dest="verb", metavar="VERB")
    for name, verb in VERBS.items():
        said = verb.said.told(spoken)
        example = Say("example", "exemple").told(spoken)
        one = verbs.add_parser(
            name,
            help=said,
            description=said,
            epilog=f"{example}{' :' if spoken == 'fr' else ':'} {verb.example}",
            allow_abbrev=False,
        )
        one._negative_number_matcher = re.compile(r"-\.?\d")  # as from Python 3.14: -0.5,0.5 and -1e-3 are values
        for row in verb.args:
            one.add_argument(*row.names, help=row.said.told(spoken), **row.options)
        for flag in ("--debug", "--project", "--lang"):
            if flag == "--debug":
                one.add_argument(flag, action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
            else:
                one.add_argument(flag, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    return top


def main(argv: list[str] | None = None) -> int:
    """Runs one verb; every ending is an exit status and a sentence, never a traceback."""
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115 (a caller may have closed them)
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    spoken = language(sys.argv[1:] if argv is None else argv)
    top = parser(spoken)
    given = top.parse_args(argv)
    if given.verb is None:
        top.print_help(sys.stderr)
        return 2
    given.lang = given.lang or spoken
    module, _, name = VERBS[given.verb].where.partition(":")
    try:
        status = int(getattr(importlib.import_module(f"installation.verbs.{module}"), name)(given) or 0)
        sys.stdout.flush()
        return status
    except Fault as fault:
        for problem in fault.problems:
            print(problem.told(given.lang), file=sys.stderr)
        return 1
    except (Misuse, Lack) as ending:
        print(f"jumelage {given.verb}: {ending.said(given.lang)}", file=sys.stderr)
        return ending.status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _quiet()
        return 0
    except OSError as error:
        if given.debug:
            raise
        _quiet()
        words = {"path": error.filename or "stdout", "found": error.strerror or error}
        with contextlib.suppress(OSError):  # a terminal that was closed hears nothing any more
            tell(f"jumelage {given.verb}: ", REFUSED.told(given.lang, **words))
        return 3
    except Exception as error:
        if given.debug:
            raise
        tell(f"jumelage {given.verb}: ", DEFECT.told(given.lang, found=f"{type(error).__name__}: {error}"))
        return 70


def _quiet() -> None:
    """Sends what is left of the output nowhere, so that nothing fails again while the process ends."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


REFUSED = Say(
    "{path}: {found}; a place where this user may write, with room: mend that, then try again",
    "{path} : {found} ; il faut un lieu ouvert en écriture, et de la place : corrigez cela, puis recommencez",
)
DEFECT = Say(
    "a defect of Jumelage, not of yours: {found}; add --debug and send us what it prints",
    "un défaut de Jumelage, pas de vous : {found} ; ajoutez --debug et envoyez-nous ce qui s'affiche",
)

if __name__ == "__main__":
    sys.exit(main())

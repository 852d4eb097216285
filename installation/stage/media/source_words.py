"""What is told of the pictures that are fed to a scene: files, films, texts, and the child that decodes them."""

from __future__ import annotations

from typing import Any

from installation.score.problem import Row, Two, hint

FAULTS = {
    "missing": Row(
        ("there is no such file", "a file that can be read", "correct the name, or put the file there"),
        ("ce fichier n'existe pas", "un fichier lisible", "corrigez le nom, ou mettez le fichier à cet endroit"),
    ),
    "no file": Row(
        ("this is no file ({what})", "a file on the disk", "name a file"),
        ("ce n'est pas un fichier ({what})", "un fichier sur le disque", "indiquez un fichier"),
    ),
    "unreadable": Row(
        ("it cannot be read: {why}", "a file that this user may read", "correct its rights or its name"),
        ("illisible : {why}", "un fichier que cet utilisateur peut lire", "corrigez ses droits ou son nom"),
    ),
    "no picture": Row(
        ("it is no picture that can be read: {why}", "PNG, JPEG, WebP, GIF, BMP or TGA", "export the picture again"),
        ("l'image n'est pas lisible : {why}", "PNG, JPEG, WebP, GIF, BMP ou TGA", "exportez l'image de nouveau"),
    ),
    "enormous": Row(
        ("the picture has {width} × {height} pixels", "at most {most} million pixels", "make it smaller"),
        ("l'image compte {width} × {height} pixels", "au plus {most} millions de pixels", "réduisez-la"),
    ),
    "scaled": Row(
        (
            "{width} × {height} pixels are more than is shown: drawn from {to_width} × {to_height}",
            "at most {side} pixels a side and {most} million in all",
            "make it smaller to spare memory, or leave it so",
        ),
        (
            "{width} × {height} pixels, plus qu'on n'en montre : ramenée à {to_width} × {to_height}",
            "au plus {side} pixels de côté et {most} millions en tout",
            "réduisez-la pour ménager la mémoire, ou laissez ainsi",
        ),
    ),
    "slow": Row(
        ("it is not read after {seconds:.0f} s", "a file that is read at once", "look at the disk or the network"),
        ("pas lu après {seconds:.0f} s", "un fichier qui se lit aussitôt", "voyez le disque ou le réseau"),
    ),
    "hung": Row(
        ("reading it did not end in {seconds:.0f} s and was given up", "a sound file", "export it again"),
        (
            "la lecture n'a pas abouti en {seconds:.0f} s ; abandonnée",
            "un fichier sain",
            "exportez-le de nouveau",
        ),
    ),
    "fatal": Row(
        ("reading it ended the decoder {times} times; it is left out", "a sound file", "export it again"),
        (
            "sa lecture a mis fin {times} fois au décodeur ; il est laissé de côté",
            "un fichier sain",
            "exportez-le de nouveau",
        ),
    ),
    "memory": Row(
        ("there is no memory for it: {why}", "room in shared memory", "make it smaller, or enlarge /dev/shm"),
        (
            "la mémoire manque : {why}",
            "de la place en mémoire partagée",
            "réduisez l'image, ou agrandissez /dev/shm",
        ),
    ),
    "no av": Row(
        (
            "films need the library av, which is not installed",
            "the extra [video]",
            "pip install 'jumelage[video]'; in a checkout, .venv/bin/pip install av",
        ),
        (
            "les films demandent la bibliothèque av, qui manque",
            "l'extra [video]",
            "pip install 'jumelage[video]' ; dans un dépôt, .venv/bin/pip install av",
        ),
    ),
    "no film": Row(
        ("it is no film that can be read: {why}", "MP4, MOV, WebM, MKV, AVI …", "export the film again"),
        ("le film n'est pas lisible : {why}", "MP4, MOV, WebM, MKV, AVI…", "exportez le film de nouveau"),
    ),
    "no frames": Row(
        ("the film has no picture in it", "at least one frame", "export the film again"),
        ("le film ne contient aucune image", "au moins une image", "exportez le film de nouveau"),
    ),
    "short": Row(
        (
            "the film says {said:.2f} s but can be read up to {read:.2f} s; its last good frame is held",
            "a whole file",
            "copy or export it again",
        ),
        (
            "le film annonce {said:.2f} s mais ne se lit que jusqu'à {read:.2f} s ; la dernière bonne image reste",
            "un fichier entier",
            "copiez-le ou exportez-le de nouveau",
        ),
    ),
    "damaged": Row(
        ("some of the film cannot be decoded: {why}", "a sound file", "copy or export it again"),
        ("une partie du film ne se décode pas : {why}", "un fichier sain", "copiez-le ou exportez-le de nouveau"),
    ),
    "late": Row(
        (
            "this machine decodes the film slower than it plays; the newest frame is shown",
            "decoding in real time",
            "export it smaller, or as H.264 with a keyframe every second",
        ),
        (
            "cette machine décode le film moins vite qu'il ne passe ; l'image la plus récente est montrée",
            "un décodage en temps réel",
            "exportez-le plus petit, ou en H.264 avec une image clé par seconde",
        ),
    ),
    "hdr": Row(
        ("the film is in HDR ({curve}) and is shown without tone mapping", "SDR", "export it in BT.709"),
        ("le film est en HDR ({curve}), montré tel quel", "du SDR", "exportez-le en BT.709"),
    ),
    "no alpha": Row(
        ("the film's transparency cannot be read here", "av with libvpx", "export it as ProRes 4444"),
        ("la transparence du film ne se lit pas ici", "av avec libvpx", "exportez-le en ProRes 4444"),
    ),
    "glyphs": Row(
        (
            "no font here has {what}; a box stands in its place",
            "a font that has it",
            "apt-get install {package}, or name a font file beside the scene",
        ),
        (
            "aucune police ici ne contient {what} ; une case en tient lieu",
            "une police qui le contient",
            "apt-get install {package}, ou indiquez un fichier de police à côté de la scène",
        ),
    ),
    "font": Row(
        ('there is no font "{name}"; the house\'s is used', "a font file or an installed family", "{hint}"),
        (
            "la police « {name} » n'existe pas ; celle de la maison la remplace",
            "un fichier de police ou une famille installée",
            "{hint}",
        ),
    ),
    "overflow": Row(
        (
            "the text is {tall} pixels high and the picture {height}",
            "a text that fits",
            "make `size` smaller, or write less",
        ),
        (
            "le texte a {tall} pixels de haut et l'image {height}",
            "un texte qui tient dans l'image",
            "réduisez `size`, ou écrivez moins",
        ),
    ),
    "no decoder": Row(
        ("the decoder does not start: {why}", "python -m installation.stage.media.decoder", "jumelage doctor"),
        ("le décodeur ne démarre pas : {why}", "python -m installation.stage.media.decoder", "jumelage doctor"),
    ),
}

KINDS = {
    "folder": Two("a folder", "un dossier"),
    "pipe": Two("a pipe", "un tube"),
    "socket": Two("a socket", "une prise réseau"),
    "device": Two("a device", "un périphérique"),
}


def spoken(words: dict[str, Any]) -> dict[str, Any]:
    """The words of a fault as the child gives them, those that differ by language in both."""
    found = {name: KINDS.get(word, word) if name == "what" else word for name, word in words.items() if name != "near"}
    if "near" in words:
        found["hint"] = hint(words["name"], [words["near"]])
    return found

"""What each key of a scene is for, in two languages: the text of the reference page, a row a key.

`reference.py` lays these beside the shapes of `scene_table`; a test holds that no key is without its row.
"""

from __future__ import annotations

from installation.score.problem import Say

KEYS: dict[str, Say] = {
    "title": Say("the scene's name, for people", "le nom de la scène, pour les gens"),
    "description": Say("what it is, in a sentence", "ce que c'est, en une phrase"),
    "credit": Say("who made it", "qui l'a faite"),
    "period": Say(
        "seconds after which TIME begins anew, under a dissolve; an hour if not given",
        "secondes au bout desquelles TIME repart, sous un fondu ; une heure sans cette clé",
    ),
    "time": Say(
        "`shared`: the same TIME in every city; `local`: from when it came on here. If not given, shared where anything is",
        "`shared` : le même TIME partout ; `local` : depuis l'arrivée ici. Sans cette clé, partagé dès qu'une valeur l'est",
    ),
    "seed": Say(
        "the number from which all chance is drawn, alike in every city; a shader's input `seed` gets it as 0 to 1",
        "le nombre dont tout hasard est tiré, le même partout ; l'entrée `seed` d'un shader le reçoit entre 0 et 1",
    ),
    "light": Say(
        "`display`: layers blend as ISF hosts do; `linear`: as light does. `display` if not given",
        "`display` : les couches se mêlent comme dans les hôtes ISF ; `linear` : comme la lumière. Sinon `display`",
    ),
    "dither": Say(
        "whether a fine grain hides the bands of dark gradients; true if not given",
        "si un grain fin cache les bandes des dégradés sombres ; oui sans cette clé",
    ),
    "transition": Say(
        "how the scene comes in: an ISF transition, or a table with `shader`, `seconds` and the shader's inputs; "
        "a dissolve of 1.5 s if not given",
        "comment la scène arrive : une transition ISF, ou une table avec `shader`, `seconds` et ses entrées ; "
        "sinon un fondu de 1,5 s",
    ),
    "layer": Say("the layers, the first at the bottom; at least one", "les couches, la première en bas ; au moins une"),
    "parameter": Say("what to change of an input of the shaders", "ce qui change dans une entrée des shaders"),
    "preset": Say("values that belong together, recalled by name", "des valeurs qui vont ensemble, rappelées par nom"),
    "data": Say("tables of values that shaders read as images", "des tables de valeurs, lues comme des images"),
    "echo_take": Say(
        "a take beside the scene, played as the other city's echo until one of its own days is recorded",
        "une prise à côté de la scène, jouée comme écho de l'autre ville tant qu'aucun de ses jours n'est enregistré",
    ),
    "music": Say("the tempo of the bar that all cities share", "le tempo de la mesure commune aux villes"),
    "music.tempo": Say("beats in a minute; 120", "temps par minute ; 120"),
    "music.beats": Say("beats in a bar; 4", "temps par mesure ; 4"),
    "patch": Say("what moves a parameter", "ce qui fait bouger un paramètre"),
    "together": Say("what changes when the other city is there", "ce qui change quand l'autre ville est là"),
    "alone": Say("what changes when nobody is over there", "ce qui change quand personne n'est là-bas"),
    "asleep": Say("what changes when the other city is closed", "ce qui change quand l'autre ville est fermée"),
    "cut": Say("what changes when the line is lost", "ce qui change quand la ligne est perdue"),
    "layer.shader": Say("an ISF, Shadertoy or GLSL file", "un fichier ISF, Shadertoy ou GLSL"),
    "layer.image": Say("a picture's file beside the scene", "un fichier image à côté de la scène"),
    "layer.video": Say("a film's file beside the scene", "un fichier vidéo à côté de la scène"),
    "layer.text": Say(
        "words: one text, or { fr, en }; or `parameter:NAME` or { from }, a text parameter's: `line`, `line_twin`",
        "des mots : un texte, ou { fr, en } ; ou `parameter:NOM` ou { from }, ceux d'un paramètre : `line`, `line_twin`",
    ),
    "layer.scene": Say("another scene, by name; its parameters are below the layer's", "une autre scène, par son nom"),
    "layer.camera": Say("who stands here, or in the other city", "qui se tient ici, ou dans l'autre ville"),
    "layer.points": Say("the points that a Python scene writes by this name", "les points d'une scène Python"),
    "layer.name": Say("its name in addresses; the file's if not given", "son nom dans les adresses ; sinon le fichier"),
    "layer.blend": Say("how it is blended with what lies below; `over`", "comment elle se mêle au dessous ; `over`"),
    "layer.opacity": Say("how much of it is seen; 1", "combien on en voit ; 1"),
    "layer.mask": Say(
        "a source; the layer is seen where it is light", "une source ; on voit la couche où elle est claire"
    ),
    "layer.position": Say(
        "right and up from where it was, in picture widths and heights",
        "vers la droite et le haut, en largeurs et hauteurs d'image",
    ),
    "layer.scale": Say("its size about the middle; 1", "sa taille autour du milieu ; 1"),
    "layer.rotation": Say("degrees, against the clock", "degrés, sens inverse des aiguilles"),
    "layer.feedback": Say(
        "how much of its own last picture stays, for each sixtieth of a second",
        "combien reste de sa dernière image, à chaque soixantième de seconde",
    ),
    "layer.filters": Say(
        "filters over this layer alone, in their order; each a path, or a table with `shader`, `name`, `images`, `set`",
        "des filtres sur cette seule couche, dans l'ordre ; un chemin, ou une table `shader`, `name`, `images`, `set`",
    ),
    "layer.images": Say(
        "what fills the shader's image inputs, by input: a source",
        "ce qui remplit les entrées image du shader, par entrée : une source",
    ),
    "layer.set": Say(
        "inputs of the shader that stay as they are given here, and are no parameters",
        "des entrées du shader qui restent ainsi, et ne sont pas des paramètres",
    ),
    "layer.shown": Say("false: drawn only for layers that read it", "false : dessinée pour qui la lit seulement"),
    "layer.fit": Say(
        "image, video, camera: how it fits the picture; `fill`", "image, vidéo, caméra : cadrage ; `fill`"
    ),
    "layer.loop": Say("video: whether it begins again; true", "vidéo : si elle recommence ; oui"),
    "layer.speed": Say("video: seconds of film a second; 1", "vidéo : secondes de film par seconde ; 1"),
    "layer.start": Say("video: the second it begins at; 0", "vidéo : la seconde du début ; 0"),
    "layer.font": Say(
        "text: a family, or a font's file beside the scene", "texte : une famille, ou un fichier de police"
    ),
    "layer.align": Say("text: `center` if not given", "texte : `center` sans cette clé"),
    "layer.size": Say(
        "text: height of a line, as a part of the picture's; 0.1", "texte : corps, part de la hauteur ; 0,1"
    ),
    "layer.width": Say(
        "text: where lines break, as a part of the picture's width; 0.9", "texte : largeur des lignes ; 0,9"
    ),
    "layer.spacing": Say("text: from line to line; 1", "texte : l'interligne ; 1"),
    "layer.color": Say("text: three or four numbers; white", "texte : trois ou quatre nombres ; blanc"),
    "layer.language": Say("text: `fr`, `en`, or `both` in turn", "texte : `fr`, `en`, ou `both`, en alternance"),
    "parameter.type": Say(
        "makes a parameter that no shader has, for a patch or a Python scene to use; `text` holds words, at most 1,000 "
        "characters, for a text layer",
        "crée un paramètre qu'aucun shader n'a, pour un patch ou une scène Python ; `text` porte des mots, au plus 1 000 "
        "caractères, pour une couche de texte",
    ),
    "parameter.from": Say(
        "a value that it follows: `/sun/here/elevation`, `/twin/twin/level`; `[[patch]]` gives it a range",
        "une valeur qu'il suit : `/sun/here/elevation`, `/twin/twin/level` ; `[[patch]]` lui donne une plage",
    ),
    "parameter.share": Say("how it is merged between the cities; stays at home if not given", "comment il est partagé"),
    "parameter.smooth": Say("seconds to go 63 % of the way", "secondes pour faire 63 % du chemin"),
    "parameter.ttl": Say(
        "seconds after which a value that nobody renews falls back to its default, by the clock of who reads it",
        "secondes au bout desquelles une valeur que personne ne renouvelle revient à son défaut, à l'horloge de qui la lit",
    ),
    "parameter.importance": Say(
        "what goes first over a narrow line, 0 to 1; by its kind and share",
        "ce qui part d'abord sur une ligne étroite, de 0 à 1 ; selon son type et son partage",
    ),
    "parameter.between": Say(
        "how another city's hand is shown between two samples: `linear`, `angle` (the short way round its range), `step`, "
        "`raw` (the newest, as it comes); linear where the type glides, else step",
        "comment on montre la main de l'autre ville entre deux mesures : `linear`, `angle` (par le plus court de sa "
        "plage), `step`, `raw` (la dernière, telle quelle) ; linear si le type glisse, sinon step",
    ),
    "parameter.delay": Say(
        'how long after it moved another city\'s hand is shown: seconds, or `"1 bar"`, `"2 beats"`; 8 s at most',
        'combien de temps après son geste on montre la main de l\'autre ville : des secondes, ou `"1 bar"`, '
        '`"2 beats"` ; 8 s au plus',
    ),
    "parameter.delay_self": Say("whether our own hand is delayed alike", "si notre main est retardée de même"),
    "parameter.step": Say("what is too small to send, as a part of the range; 0.005", "le trop petit pour être envoyé"),
    "parameter.min": Say("the lower end of its range", "le bas de sa plage"),
    "parameter.max": Say("the upper end of its range", "le haut de sa plage"),
    "parameter.default": Say("its value until something moves it", "sa valeur tant que rien ne le bouge"),
    "parameter.label": Say("its name, for people", "son nom, pour les gens"),
    "parameter.unit": Say("its unit, for people", "son unité, pour les gens"),
    "parameter.curve": Say("how a slider moves along its range", "comment un curseur parcourt sa plage"),
    "parameter.layer": Say("the one layer that is meant", "la seule couche dont il s'agit"),
    "preset.label": Say("its name, for people", "son nom, pour les gens"),
    "preset.fade": Say("seconds until it is reached; 1", "secondes pour l'atteindre ; 1"),
    "data.kind": Say(
        "`trace`: where a value was; `people`: x, y, size and strength of each; `audio`, `spectrum`: sound",
        "`trace` : où était une valeur ; `people` : x, y, taille et force de chacun ; `audio`, `spectrum` : le son",
    ),
    "data.of": Say("trace: the parameter, `hand` or `hand_twin`", "trace : le paramètre, `hand` ou `hand_twin`"),
    "data.seconds": Say("trace: how far back; 4", "trace : jusqu'où remonter ; 4"),
    "data.count": Say("how many columns", "combien de colonnes"),
    "data.share": Say("people, audio, spectrum: as a parameter's", "people, audio, spectrum : comme un paramètre"),
    "data.smooth": Say("people, audio, spectrum: as a parameter's", "people, audio, spectrum : comme un paramètre"),
    "patch.from": Say(
        "an address, OSC wildcards allowed; or a value: `/sun/here/elevation`, `/twin/twin/level`, `level`",
        "une adresse, jokers OSC permis ; ou une valeur : `/sun/here/elevation`, `/twin/twin/level`, `level`",
    ),
    "patch.to": Say("a parameter, or a part of one: `tint.r`", "un paramètre, ou une de ses parties : `tint.r`"),
    "patch.in": Say("what the sensor gives", "ce que donne le capteur"),
    "patch.out": Say("what the parameter gets; its range if not given", "ce que reçoit le paramètre ; sinon sa plage"),
    "patch.curve": Say("how it is bent on its way", "comment elle se courbe en chemin"),
    "state.fade": Say("seconds until it is reached; 3", "secondes pour l'atteindre ; 3"),
}
"""By path; the four states of company share `state`."""

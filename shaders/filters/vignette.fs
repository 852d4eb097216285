/*{
  "ISFVSN": "2",
  "DESCRIPTION": "The corners fall away into a colour, as under an old lens or around a lamp: the eye is led inwards.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Filter", "Light"],
  "INPUTS": [
    {"NAME": "inputImage", "LABEL": {"en": "Picture", "fr": "Image"}, "TYPE": "image"},
    {"NAME": "amount", "LABEL": {"en": "Amount", "fr": "Quantité"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.7},
    {"NAME": "size",   "LABEL": {"en": "Size of the clear middle", "fr": "Taille du milieu clair"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.5, "DEFAULT": 0.55},
    {"NAME": "circle", "LABEL": {"en": "Shape: 0 follows the frame, 1 a circle", "fr": "Forme : 0 suit le cadre, 1 un cercle"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35},
    {"NAME": "centre", "LABEL": {"en": "Centre", "fr": "Centre"}, "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.5, 0.5]},
    {"NAME": "into",   "LABEL": {"en": "Into this colour", "fr": "Vers cette couleur"}, "TYPE": "color", "DEFAULT": [0.02, 0.015, 0.04, 1.0]}
  ]
}*/

void main() {
    vec4 picture = IMG_THIS_PIXEL(inputImage);
    vec2 p = (isf_FragNormCoord - centre) * 2.0;
    // A circle is measured by the shorter side, so that an upright picture gets the same lamp as a wide one.
    vec2 lamp = p * RENDERSIZE / min(RENDERSIZE.x, RENDERSIZE.y);
    vec2 q = mix(p, lamp, circle);
    // Real glass loses light by the fourth power of a cosine, which is this: no edge anywhere, only less and less.
    float r = max(0.0, length(q) - size);
    float kept = 1.0 / (1.0 + 1.3 * r * r);
    float lost = amount * (1.0 - kept * kept);
    // What goes dark also goes grey first, as it does for the eye at dusk.
    vec3 dim = mix(picture.rgb, vec3(dot(picture.rgb, vec3(0.21, 0.72, 0.07))), 0.5 * lost);
    // A slow fall into black shows its steps in eight bits; half a step of noise, only where it falls, hides them.
    float speck = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715)))) - 0.5;
    gl_FragColor = vec4(mix(dim, into.rgb, lost) + speck * min(1.0, 4.0 * lost) / 255.0, picture.a);
}

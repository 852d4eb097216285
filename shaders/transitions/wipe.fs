/*{
  "ISFVSN": "2",
  "DESCRIPTION": "A soft wipe in any direction. Its edge is not a ruler's: it breathes a little, like the edge of a shadow.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Transition", "Wipe"],
  "INPUTS": [
    {"NAME": "startImage", "LABEL": {"en": "From", "fr": "De"}, "TYPE": "image"},
    {"NAME": "endImage",   "LABEL": {"en": "To", "fr": "Vers"}, "TYPE": "image"},
    {"NAME": "progress",   "LABEL": {"en": "Progress", "fr": "Avancement"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "angle",      "LABEL": {"en": "Direction, degrees: 0 to the right, 90 up", "fr": "Direction, degrés : 0 vers la droite, 90 vers le haut"}, "TYPE": "float", "MIN": -180.0, "MAX": 180.0, "DEFAULT": 0.0},
    {"NAME": "softness",   "LABEL": {"en": "Softness, in picture heights", "fr": "Douceur, en hauteurs d'image"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.25},
    {"NAME": "sway",       "LABEL": {"en": "Sway of the edge", "fr": "Ondulation du bord"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.3}
  ]
}*/

vec4 between(vec4 a, vec4 b, float k) {     // weighed by alpha: what is transparent brings no colour with it
    float alpha = mix(a.a, b.a, k);
    return vec4(alpha > 0.0 ? mix(a.rgb * a.a, b.rgb * b.a, k) / alpha : mix(a.rgb, b.rgb, k), alpha);
}

void main() {
    vec2 p = (isf_FragNormCoord - 0.5) * vec2(RENDERSIZE.x / RENDERSIZE.y, 1.0);
    vec2 way = vec2(cos(radians(angle)), sin(radians(angle)));
    // From corner to corner in that direction, and softness and sway beyond: so that both ends are clean.
    float reach = 0.5 * (abs(way.x) * RENDERSIZE.x / RENDERSIZE.y + abs(way.y));
    float beyond = 0.5 * softness + 0.06 * sway;
    float along = dot(p, way), across = dot(p, vec2(-way.y, way.x));
    along += sway * (0.04 * sin(across * 5.0 + progress * 4.0) + 0.02 * sin(across * 11.0 - progress * 7.0));
    float front = mix(-reach - beyond, reach + beyond, progress);
    float k = clamp((front - along) / max(softness, 1.0 / RENDERSIZE.y) + 0.5, 0.0, 1.0);
    k = k * k * (3.0 - 2.0 * k);
    k = progress <= 0.0 ? 0.0 : progress >= 1.0 ? 1.0 : k;
    gl_FragColor = between(IMG_THIS_PIXEL(startImage), IMG_THIS_PIXEL(endImage), k);
}

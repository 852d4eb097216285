/*{
  "ISFVSN": "2",
  "DESCRIPTION": "The picture behind a pane: old wavy glass, the ribbed glass of a Paris door, or frost.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Filter", "Distortion"],
  "INPUTS": [
    {"NAME": "inputImage", "LABEL": {"en": "Picture", "fr": "Image"}, "TYPE": "image"},
    {"NAME": "amount", "LABEL": {"en": "Amount", "fr": "Quantité"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5},
    {"NAME": "pane",   "LABEL": {"en": "Pane", "fr": "Vitre"}, "TYPE": "long", "VALUES": [0, 1, 2], "LABELS": ["wavy", "ribbed", "frosted"], "DEFAULT": 1},
    {"NAME": "scale",  "LABEL": {"en": "Size of its ribs or waves, in picture heights", "fr": "Taille de ses côtes ou vagues, en hauteurs d'image"}, "TYPE": "float", "MIN": 0.01, "MAX": 0.5, "DEFAULT": 0.06},
    {"NAME": "angle",  "LABEL": {"en": "Angle of the ribs, degrees", "fr": "Angle des côtes, degrés"}, "TYPE": "float", "MIN": -90.0, "MAX": 90.0, "DEFAULT": 0.0},
    {"NAME": "flow",   "LABEL": {"en": "Flow: 0 stands still", "fr": "Mouvement : 0 immobile"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.2},
    {"NAME": "prism",  "LABEL": {"en": "Prism: how far the colours part", "fr": "Prisme : écart des couleurs"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35}
  ]
}*/

// Glass does one thing only: we look through it at a place a little beside. So each pane is a field of slopes, and
// the slope says how far beside. Red is bent less than blue, and where a pane leans towards the light it gleams.

float hash(vec2 p) {                       // without sine: alike on every GPU
    p = 47.0 * fract(p * 0.3183099 + vec2(0.71, 0.113));
    return fract(p.x * p.y * (p.x + p.y));
}

vec2 swell(vec2 p, float t) {               // the slope of slow waves in four directions, each bending the next
    vec2 way = vec2(0.8, 0.6), slope = vec2(0.0);
    float size = 1.0;
    for (int i = 0; i < 4; i++) {
        float a = 2.0 * fract(dot(p, way) * 0.35 * size + t) - 1.0;
        float s = 1.0 - 2.0 * abs(a);
        s *= 1.5 - 0.5 * s * s;             // a triangle, rounded
        slope += way * s / (0.6 + 0.4 * size);
        p += way * s * 0.22;
        way = vec2(-0.37 * way.x - 0.93 * way.y, 0.93 * way.x - 0.37 * way.y);
        size *= 1.37;
        t *= -1.21;
    }
    return slope;
}

void main() {
    vec2 tall = vec2(RENDERSIZE.y / RENDERSIZE.x, 1.0);       // from heights to a part of the picture
    vec2 p = (isf_FragNormCoord - 0.5) / tall;
    float turn = radians(angle);
    vec2 axis = vec2(cos(turn), sin(turn));
    float t = TIME * flow * 0.12;
    vec2 slope;
    float gleam = 0.0, dull = 0.0;
    if (pane == 1) {
        // A rib is a round rod: in its middle we look straight on, near its flanks further and further aside,
        // and in the groove between two of them a shadow stays.
        float x = 2.0 * fract(dot(p, axis) / scale + 0.12 * swell(p * 1.5, t).x * flow) - 1.0;
        slope = axis * (x / sqrt(1.12 - x * x)) * scale * 1.1;
        float flank = x + 0.45;
        gleam = 0.14 / (1.0 + 40.0 * flank * flank);
        dull = 0.45 * x * x * x * x * x * x;
    } else if (pane == 0) {
        vec2 s = swell(p / (scale * 2.0), t);
        slope = s * scale * 0.35;
        gleam = 0.10 * max(0.0, dot(s, vec2(-0.5, 0.6)) - 0.4);
    } else {
        // Frost: every grain looks elsewhere, within a round patch; grains are a little larger than a pixel of 720 rows.
        vec2 grain = floor(p * 480.0);
        float far = sqrt(hash(grain)), way = 6.2831853 * hash(grain + 71.0);
        slope = vec2(cos(way), sin(way)) * far * scale * 0.55 + swell(p / scale, t) * scale * 0.12;
        gleam = 0.05 * hash(grain + 13.0);
    }
    vec2 off = slope * tall * amount;
    vec4 r = IMG_NORM_PIXEL(inputImage, isf_FragNormCoord + off * (1.0 - 0.25 * prism));
    vec4 g = IMG_NORM_PIXEL(inputImage, isf_FragNormCoord + off);
    vec4 b = IMG_NORM_PIXEL(inputImage, isf_FragNormCoord + off * (1.0 + 0.25 * prism));
    float a = (r.a + g.a + b.a) / 3.0;
    vec3 c = a > 0.0 ? vec3(r.r * r.a, g.g * g.a, b.b * b.a) / a : g.rgb;
    c = c * (1.0 - dull * amount) + gleam * amount * (0.25 + c);
    gl_FragColor = vec4(c, a);
}

/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Mirrors set in a circle. With one, the two halves of the picture face each other like two cities; with more, a rose window.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Filter", "Distortion", "Twin"],
  "INPUTS": [
    {"NAME": "inputImage", "LABEL": {"en": "Picture", "fr": "Image"}, "TYPE": "image"},
    {"NAME": "amount",  "LABEL": {"en": "Amount", "fr": "Quantité"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 1.0},
    {"NAME": "mirrors", "LABEL": {"en": "Mirrors", "fr": "Miroirs"}, "TYPE": "float", "MIN": 1.0, "MAX": 12.0, "DEFAULT": 6.0},
    {"NAME": "turn",    "LABEL": {"en": "Turn of the mirrors, degrees", "fr": "Rotation des miroirs, degrés"}, "TYPE": "float", "MIN": -180.0, "MAX": 180.0, "DEFAULT": 0.0},
    {"NAME": "spin",    "LABEL": {"en": "Turns a minute of what is seen", "fr": "Tours par minute de ce qu'on voit"}, "TYPE": "float", "MIN": -4.0, "MAX": 4.0, "DEFAULT": 0.5},
    {"NAME": "zoom",    "LABEL": {"en": "Zoom", "fr": "Zoom"}, "TYPE": "float", "MIN": 0.3, "MAX": 4.0, "DEFAULT": 0.75},
    {"NAME": "centre",  "LABEL": {"en": "Point of the picture in the middle", "fr": "Point de l'image au milieu"}, "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.4, 0.42]}
  ]
}*/

// Angles are folded like a fan. At `amount` 0 the fan lies open and the picture is whole; between, it is closing:
// each leaf is already mirrored, and slides from where it was to where it will be.

const float TAU = 6.28318530718;

float fold(float x) { return abs(mod(x + 1.0, 2.0) - 1.0); }   // there and back: a mirror at every whole number

void main() {
    vec2 tall = vec2(RENDERSIZE.y / RENDERSIZE.x, 1.0);
    vec2 p = (isf_FragNormCoord - 0.5) / tall;
    float r = length(p);
    float n = floor(mirrors + 0.5);
    float leaf = TAU / (2.0 * n);
    // With one mirror the fold is upright, in the middle, and still: the two sides face each other across the seam.
    float start = radians(turn) + 0.25 * TAU;
    float a = r > 0.0 ? atan(p.y, p.x) - start : 0.0;
    float folded = fold(a / leaf) * leaf;
    float seen = folded + start - (n < 1.5 ? 0.0 : 0.5 * leaf) + TIME * spin / 60.0 * TAU * (n < 1.5 ? 0.0 : 1.0);
    // The picture, too, is a room of mirrors: what is asked for beyond its edge is found inside again.
    vec2 q = vec2(cos(seen), sin(seen)) * r / (n < 1.5 ? 1.0 : zoom);
    vec2 at = mix(vec2(0.5), n < 1.5 ? vec2(0.5) : centre, amount) + mix(p, q, amount) * tall;
    at = vec2(fold(at.x), fold(at.y));
    vec4 c = IMG_NORM_PIXEL(inputImage, amount > 0.0 ? at : isf_FragNormCoord);
    // Where two mirrors meet there is a joint: a hair of shade on one side, of light on the other.
    float joint = min(abs(fract(a / leaf + 0.5) - 0.5), 0.5) * leaf * r * RENDERSIZE.y;
    c.rgb *= 1.0 - 0.16 * amount * step(1.5, n) * smoothstep(1.5, 0.0, joint) * smoothstep(0.0, 0.2, r);
    gl_FragColor = c;
}

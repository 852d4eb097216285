/*{
  "ISFVSN": "2",
  "DESCRIPTION": "A bridge comes out of the fog between two shores, cable by cable, and over it we go into the next scene.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Transition", "Twin", "Wipe"],
  "INPUTS": [
    {"NAME": "startImage", "LABEL": {"en": "From", "fr": "De"}, "TYPE": "image"},
    {"NAME": "endImage",   "LABEL": {"en": "To", "fr": "Vers"}, "TYPE": "image"},
    {"NAME": "progress",   "LABEL": {"en": "Progress", "fr": "Avancement"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "colour",     "LABEL": {"en": "Colour of the bridge", "fr": "Couleur du pont"}, "TYPE": "color", "DEFAULT": [0.72, 0.22, 0.13, 1.0]},
    {"NAME": "fog",        "LABEL": {"en": "Fog", "fr": "Brouillard"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.7}
  ]
}*/

float hash(vec2 p) {                       // without sine: alike on every GPU
    p = 47.0 * fract(p * 0.3183099 + vec2(0.71, 0.113));
    return fract(p.x * p.y * (p.x + p.y));
}

float noise(vec2 p) {
    vec2 i = floor(p), f = p - i;
    f = f * f * (3.0 - 2.0 * f);
    return mix(mix(hash(i), hash(i + vec2(1.0, 0.0)), f.x),
               mix(hash(i + vec2(0.0, 1.0)), hash(i + vec2(1.0, 1.0)), f.x), f.y);
}

vec4 between(vec4 a, vec4 b, float k) {     // weighed by alpha: what is transparent brings no colour with it
    float alpha = mix(a.a, b.a, k);
    return vec4(alpha > 0.0 ? mix(a.rgb * a.a, b.rgb * b.a, k) / alpha : mix(a.rgb, b.rgb, k), alpha);
}

// The far shore is built as the bridge is: the towers pass by from right to left, and what is beyond the second
// one is already the other city. Between them hangs the cable, a parabola, as a loaded cable does.
void main() {
    vec2 uv = isf_FragNormCoord;
    float aspect = RENDERSIZE.x / RENDERSIZE.y;
    float x = (uv.x - 0.5) * aspect, y = uv.y - 0.5;
    float busy = smoothstep(0.0, 0.22, progress) * smoothstep(1.0, 0.78, progress);
    float ease = progress * progress * (3.0 - 2.0 * progress);
    // The bridge is an object that goes by: its middle at `at`, half a span to either tower.
    float span = 0.62 * max(aspect, 0.75);
    float at = mix(0.5 * aspect + span + 0.4, -0.5 * aspect - span - 0.4, ease);
    float bx = x - at;
    float u = bx / span;                                     // -1 the near tower, 1 the far one

    // The seam of the two scenes lies in fog, in the middle of the span.
    float wisps = noise(vec2(x * 1.6 - TIME * 0.05 - progress, uv.y * 2.4)) * 0.6 + noise(vec2(x * 4.0 - TIME * 0.08, uv.y * 6.0 + progress)) * 0.4;
    float over = smoothstep(-0.38, 0.38, u + (wisps - 0.5) * 0.7);
    over = progress <= 0.0 ? 0.0 : progress >= 1.0 ? 1.0 : over;
    vec4 c = between(IMG_THIS_PIXEL(startImage), IMG_THIS_PIXEL(endImage), over);
    float bank = exp(-u * u * 4.0) * (0.35 + 1.1 * wisps) * smoothstep(0.62, -0.15, y) * 1.25 + exp(-abs(y + 0.42) * 5.0) * (0.25 + 0.6 * wisps);
    vec3 white = vec3(0.83, 0.84, 0.86);
    float thick = clamp(bank, 0.0, 0.96) * fog * busy;
    c.rgb = mix(c.rgb, white, thick);

    // Steel. Everything is a distance to a line, and a line is as thin as a pixel allows.
    float pixel = 1.2 / RENDERSIZE.y;
    float deck = -0.30 - 0.02 * u * u, top = 0.30;
    // Beyond the towers it comes down to its anchorages on shore.
    float cable = deck + 0.035 + (top - deck - 0.05) * (abs(u) < 1.0 ? u * u : max(0.0, 1.0 - (abs(u) - 1.0) * 1.15));
    float steel = smoothstep(pixel, -pixel, abs(y - cable) - 0.0045) * step(abs(u), 1.85);
    float each = span / 14.0;
    float rope = abs(mod(bx, each) - 0.5 * each);
    steel = max(steel, smoothstep(pixel, -pixel, rope - 0.0011) * step(deck, y) * step(y, cable) * step(abs(u), 1.85) * 0.85);
    float road = smoothstep(pixel, -pixel, abs(y - deck) - 0.011);
    float truss = smoothstep(pixel, -pixel, abs(abs(mod(bx, 0.05) - 0.025) - (deck - 0.011 - y) * 0.7) - 0.0025) * step(y, deck - 0.011) * step(deck - 0.045, y);
    truss = max(truss, smoothstep(pixel, -pixel, abs(y - deck + 0.045) - 0.003));
    steel = max(steel, max(road, truss));
    // Towers: two legs that step in as they go up, and struts between them.
    float tx = abs(abs(bx) - span);
    float rise = (y - deck) / (top - deck);
    float leg = abs(tx - 0.030 + 0.006 * floor(max(rise, 0.0) * 4.0) * 0.5) - (0.0125 - 0.002 * floor(clamp(rise, 0.0, 0.99) * 4.0));
    float tower = smoothstep(pixel, -pixel, leg) * step(y, top + 0.015);
    float strut = abs(fract(rise * 4.0 - 0.02) - 0.94) * (top - deck) / 4.0 - 0.011;
    tower = max(tower, smoothstep(pixel, -pixel, strut) * step(tx, 0.034) * step(0.05, rise) * step(rise, 1.0));
    steel = max(steel, tower);
    // Fog lies on the roadway; the towers stand out of it, lighter the nearer to the water.
    float lost = clamp(fog * (0.20 + 0.75 * exp(-max(y - deck + 0.02, 0.0) * 7.0) * wisps * 1.3 + 0.35 * exp(-u * u * 6.0)), 0.0, 0.93);
    vec3 paint = colour.rgb * (0.80 + 0.35 * uv.y);
    gl_FragColor = between(c, vec4(mix(paint, white, lost), 1.0), steel * busy);
}

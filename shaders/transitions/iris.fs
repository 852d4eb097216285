/*{
  "ISFVSN": "2",
  "DESCRIPTION": "The blades of a lens close on one scene and open on another, as chapters ended in the silent films.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Transition", "Iris"],
  "INPUTS": [
    {"NAME": "startImage", "LABEL": {"en": "From", "fr": "De"}, "TYPE": "image"},
    {"NAME": "endImage",   "LABEL": {"en": "To", "fr": "Vers"}, "TYPE": "image"},
    {"NAME": "progress",   "LABEL": {"en": "Progress", "fr": "Avancement"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "centre",     "LABEL": {"en": "Where it closes", "fr": "Où il se ferme"}, "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.5, 0.5]},
    {"NAME": "blades",     "LABEL": {"en": "Blades; 12 is nearly a circle", "fr": "Lames ; 12 fait presque un cercle"}, "TYPE": "float", "MIN": 3.0, "MAX": 12.0, "DEFAULT": 7.0},
    {"NAME": "steel",      "LABEL": {"en": "Steel of the blades", "fr": "Acier des lames"}, "TYPE": "color", "DEFAULT": [0.13, 0.14, 0.17, 1.0]}
  ]
}*/

vec4 between(vec4 a, vec4 b, float k) {     // weighed by alpha: what is transparent brings no colour with it
    float alpha = mix(a.a, b.a, k);
    return vec4(alpha > 0.0 ? mix(a.rgb * a.a, b.rgb * b.a, k) / alpha : mix(a.rgb, b.rgb, k), alpha);
}

// Each blade is a half plane: all that lies beyond a straight edge. Their edges make the polygon of the opening; and
// since each blade lies over the next, their edges run on outwards in a whirl.
void main() {
    float aspect = RENDERSIZE.x / RENDERSIZE.y;
    vec2 p = (isf_FragNormCoord - centre) * vec2(aspect, 1.0);
    float corner = length(max(centre, 1.0 - centre) * vec2(aspect, 1.0));
    float n = floor(blades + 0.5), leaf = 6.28318530718 / n;
    float wide = abs(2.0 * progress - 1.0);                  // 1 open, 0 shut
    wide = wide * wide * (3.0 - 2.0 * wide);
    // A polygon of this inner radius holds the whole picture at the ends, and a little more, so that no blade is left.
    float open = (corner * 1.02 + 0.03) * wide - 0.03 * (1.0 - wide);
    // The whirl goes on turning the same way: it shuts, and from there it opens.
    float turn = (progress - 0.5) * 1.9;
    float pixel = 1.0 / RENDERSIZE.y;

    float most = -9.0, edge = 0.0, next = 1.0, number = 0.0;
    vec2 way = vec2(cos(turn), sin(turn)), step_ = vec2(cos(leaf), sin(leaf));
    float mine = dot(p, way) - open;
    for (int k = 0; k < 12; k++) {
        if (float(k) >= n) break;
        way = vec2(way.x * step_.x - way.y * step_.y, way.x * step_.y + way.y * step_.x);
        float other = dot(p, way) - open;
        most = max(most, mine);
        if (mine > 0.0 && other <= 0.0) {                    // on top is the last blade of those that reach here
            edge = mine;
            next = -other;
            number = float(k);
        }
        mine = other;
    }
    // Brushed steel under a lamp above: each blade has its own angle to it. At its edge a glint, and where it comes out
    // from under its neighbour, that one's shadow.
    float lamp = 0.5 + 0.5 * cos(turn + leaf * number - 1.9);
    float brushed = fract(floor(edge * 420.0) * 0.618034 + number * 0.37);
    vec3 c = steel.rgb * (0.25 + 1.1 * lamp * lamp + 0.10 * brushed);
    c *= 0.45 + 0.55 * smoothstep(0.0, 0.09, next);
    c += (0.10 + 0.55 * lamp) * steel.rgb * 3.0 * exp(-edge * 260.0);
    c *= 1.0 - 0.5 * smoothstep(0.2, 1.1, length(p));

    vec4 seen = progress < 0.5 ? IMG_THIS_PIXEL(startImage) : IMG_THIS_PIXEL(endImage);
    // The blades stand a little before the scene and shade its rim.
    seen.rgb *= 1.0 - 0.45 * (1.0 - wide) * smoothstep(-0.12, 0.0, most);
    float cover = progress <= 0.0 || progress >= 1.0 ? 0.0 : clamp(0.5 + most / pixel, 0.0, 1.0);
    gl_FragColor = between(seen, vec4(c, 1.0), cover);
}

/*{
  "ISFVSN": "2",
  "DESCRIPTION": "A text in French and in English, each in turn or one alone, in the middle of the picture.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Engine"],
  "INPUTS": [
    {"NAME": "fr", "TYPE": "image"},
    {"NAME": "en", "TYPE": "image"},
    {"NAME": "color", "LABEL": "Colour", "TYPE": "color", "DEFAULT": [1.0, 1.0, 1.0, 1.0]},
    {"NAME": "language", "LABEL": "Language", "TYPE": "long", "VALUES": [0, 1, 2],
     "LABELS": ["both in turn", "French", "English"], "DEFAULT": 0},
    {"NAME": "period", "LABEL": "Seconds of each", "TYPE": "float", "MIN": 2.0, "MAX": 120.0, "DEFAULT": 12.0}
  ]
}*/

// The letters come white, their coverage as alpha, set at their size: a texel is a pixel, and never between two.
float covered(vec4 texel, vec2 p, vec2 size) {
    bool inside = all(greaterThanEqual(p, vec2(0.0))) && all(lessThan(p, size)) && size.x * size.y > 1.0;
    return inside ? texel.a : 0.0;
}

void main() {
    vec2 a = gl_FragCoord.xy - floor((RENDERSIZE - IMG_SIZE(fr)) * 0.5);
    vec2 b = gl_FragCoord.xy - floor((RENDERSIZE - IMG_SIZE(en)) * 0.5);
    float french = covered(IMG_PIXEL(fr, a), a, IMG_SIZE(fr));
    float english = covered(IMG_PIXEL(en, b), b, IMG_SIZE(en));
    // One is almost gone before the other comes: two texts over each other are none. `turn` runs 0 … 1 as the French
    // gives way at the end of its period, and back at the end of the English one's.
    float length_ = max(period, 0.1), fade = min(2.0, length_ * 0.3), t = mod(TIME, 2.0 * length_);
    float turn = clamp((t - length_ + fade) / fade, 0.0, 1.0) - clamp((t - 2.0 * length_ + fade) / fade, 0.0, 1.0);
    bool both = IMG_SIZE(fr).x > 1.0 && IMG_SIZE(en).x > 1.0;
    if (!both) turn = IMG_SIZE(en).x > 1.0 ? 1.0 : 0.0;
    else if (language > 0) turn = language == 2 ? 1.0 : 0.0;
    float shown = french * (1.0 - smoothstep(0.0, 0.6, turn)) + english * smoothstep(0.4, 1.0, turn);
    gl_FragColor = vec4(color.rgb, color.a * min(shown, 1.0));
}

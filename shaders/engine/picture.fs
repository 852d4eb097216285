/*{
  "ISFVSN": "2",
  "DESCRIPTION": "An image or a film: filling the picture, fitted into it, or stretched; nothing outside it.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Engine"],
  "INPUTS": [
    {"NAME": "picture", "TYPE": "image"},
    {"NAME": "fit", "LABEL": "Fit", "TYPE": "long", "VALUES": [0, 1, 2], "LABELS": ["fill", "fit", "stretch"],
     "DEFAULT": 0}
  ]
}*/

// Two texels mixed by weight of their alpha: what is transparent has no colour to give to an edge.
vec4 weighed(vec4 a, vec4 b, float t) {
    float alpha = mix(a.a, b.a, t);
    return vec4(mix(a.rgb * a.a, b.rgb * b.a, t) / max(alpha, 1e-5), alpha);
}

vec4 between(vec2 p) {
    vec2 corner = floor(p - 0.5) + 0.5, t = p - corner;
    vec4 low = weighed(IMG_PIXEL(picture, corner), IMG_PIXEL(picture, corner + vec2(1.0, 0.0)), t.x);
    vec4 high = weighed(IMG_PIXEL(picture, corner + vec2(0.0, 1.0)), IMG_PIXEL(picture, corner + 1.0), t.x);
    return weighed(low, high, t.y);
}

void main() {
    vec2 size = IMG_SIZE(picture), ratio = RENDERSIZE / size;
    if (fit == 0) ratio = vec2(max(ratio.x, ratio.y));
    if (fit == 1) ratio = vec2(min(ratio.x, ratio.y));
    // From a whole pixel on, so that a picture drawn 1:1 is drawn as it is.
    vec2 p = (gl_FragCoord.xy - floor((RENDERSIZE - size * ratio) * 0.5)) / ratio;
    vec4 color = IMG_NORM_PIXEL(picture, p / size);
    if (ratio.x > 1.0 && color.a > 0.0 && color.a < 1.0) color = between(p);
    bool outside = any(lessThan(p, vec2(0.0))) || any(greaterThan(p, size));
    gl_FragColor = outside ? vec4(0.0) : color;
}

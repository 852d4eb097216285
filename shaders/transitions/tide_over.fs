/*{
  "ISFVSN": "2",
  "DESCRIPTION": "The water rises over one scene, and under water is the next.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Transition", "Water", "Twin"],
  "INPUTS": [
    {"NAME": "startImage", "LABEL": {"en": "From", "fr": "De"}, "TYPE": "image"},
    {"NAME": "endImage",   "LABEL": {"en": "To", "fr": "Vers"}, "TYPE": "image"},
    {"NAME": "progress",   "LABEL": {"en": "Progress", "fr": "Avancement"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "swell",      "LABEL": {"en": "Swell", "fr": "Houle"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5},
    {"NAME": "depth",      "LABEL": {"en": "Colour of the water", "fr": "Couleur de l'eau"}, "TYPE": "color", "DEFAULT": [0.05, 0.30, 0.34, 1.0]}
  ]
}*/

vec4 between(vec4 a, vec4 b, float k) {     // weighed by alpha: what is transparent brings no colour with it
    float alpha = mix(a.a, b.a, k);
    return vec4(alpha > 0.0 ? mix(a.rgb * a.a, b.rgb * b.a, k) / alpha : mix(a.rgb, b.rgb, k), alpha);
}

float wave(float x) {                      // a sine of period 1 made of two parabolas
    float f = 2.0 * fract(x) - 1.0;
    return 4.0 * f * (abs(f) - 1.0);
}

// The next scene is under water before it is itself: bent by the waves, and the deeper colour of water on it. As the
// surface passes beyond the frame the water grows still and clear, and at the end is not there.
void main() {
    vec2 uv = isf_FragNormCoord;
    float aspect = RENDERSIZE.x / RENDERSIZE.y;
    float x = (uv.x - 0.5) * aspect;
    float busy = progress * (1.0 - progress) * 4.0;          // 0 at both ends
    float t = TIME * 0.11 + progress * 0.9;
    float high = 0.030 * wave(x * 0.55 - t) + 0.016 * wave(x * 1.3 + t * 1.4 + 0.2) + 0.006 * wave(x * 3.7 - t * 2.3);
    float level = mix(-0.08, 1.08, mix(progress, progress * progress * (3.0 - 2.0 * progress), 0.5)) + high * swell * min(1.0, busy * 3.0);
    float d = level - uv.y;                                  // how deep we are, in heights
    float pixel = 1.5 / RENDERSIZE.y;
    float wet = progress <= 0.0 ? 0.0 : progress >= 1.0 ? 1.0 : smoothstep(-pixel, pixel, d);

    // Under water the view sways, most just below the surface.
    float near = 1.0 / (1.0 + 9.0 * max(d, 0.0));
    vec2 sway = vec2(wave(uv.y * 2.7 + t * 1.7) + 0.6 * wave(uv.y * 6.1 - t * 2.6 + x), 0.5 * wave(x * 2.2 - t * 1.9 + uv.y * 3.0));
    vec4 end = IMG_NORM_PIXEL(endImage, uv + sway * vec2(1.0 / aspect, 1.0) * 0.012 * busy * (0.3 + near));
    // Above, the scene that drowns is mirrored in the water for a hand's breadth.
    vec4 start = IMG_THIS_PIXEL(startImage);
    vec4 mirrored = IMG_NORM_PIXEL(startImage, vec2(uv.x + sway.x * 0.02, clamp(level + max(d, 0.0) * 1.6, 0.0, 1.0)));
    float sheen = exp(-max(d, 0.0) * 15.0) * 0.65 * busy;

    float thick = busy * (0.25 + 0.45 * (1.0 - exp(-max(d, 0.0) * 3.0)));
    float ray = max(0.0, wave((x + uv.y * 0.35) * 1.7 + t * 0.7) * wave((x + uv.y * 0.35) * 0.9 - t)) * exp(-max(d, 0.0) * 2.5);
    vec3 sea = depth.rgb * (0.75 + 0.5 * near) + ray * 0.22 * (depth.rgb + 0.25);
    end.rgb = mix(end.rgb, end.rgb * (0.35 + 0.65 * depth.rgb) + sea * 0.75, thick);
    end.rgb = mix(end.rgb, mirrored.rgb, sheen * mirrored.a);
    float line = d / (0.004 + 0.002 * wave(x * 2.0 + t));
    end.rgb += busy * 0.34 / (1.0 + line * line);
    start.rgb *= 1.0 - 0.25 * min(1.0, busy * 2.0) * smoothstep(0.03, 0.0, -d);      // a wet edge is darker
    gl_FragColor = between(start, end, wet);
}

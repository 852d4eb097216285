/*{
  "ISFVSN": "2",
  "DESCRIPTION": "The colourist's desk: temperature, lift, gamma, gain, contrast, saturation, and a tint for shadows and lights.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Filter", "Colour"],
  "INPUTS": [
    {"NAME": "inputImage",  "LABEL": {"en": "Picture", "fr": "Image"}, "TYPE": "image"},
    {"NAME": "temperature", "LABEL": {"en": "Temperature: -1 cold, 1 warm", "fr": "Température : -1 froid, 1 chaud"}, "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "tint",        "LABEL": {"en": "Tint: -1 green, 1 rose", "fr": "Teinte : -1 vert, 1 rose"}, "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "lift",        "LABEL": {"en": "Lift: the blacks", "fr": "Noirs"}, "TYPE": "float", "MIN": -0.5, "MAX": 0.5, "DEFAULT": 0.0},
    {"NAME": "gamma",       "LABEL": {"en": "Gamma: the middle tones", "fr": "Tons moyens"}, "TYPE": "float", "MIN": 0.25, "MAX": 4.0, "DEFAULT": 1.0},
    {"NAME": "gain",        "LABEL": {"en": "Gain: the whites", "fr": "Blancs"}, "TYPE": "float", "MIN": 0.0, "MAX": 2.0, "DEFAULT": 1.0},
    {"NAME": "contrast",    "LABEL": {"en": "Contrast", "fr": "Contraste"}, "TYPE": "float", "MIN": 0.0, "MAX": 2.0, "DEFAULT": 1.0},
    {"NAME": "saturation",  "LABEL": {"en": "Saturation", "fr": "Saturation"}, "TYPE": "float", "MIN": 0.0, "MAX": 2.0, "DEFAULT": 1.0},
    {"NAME": "shadows",     "LABEL": {"en": "Colour of the shadows (grey: none)", "fr": "Couleur des ombres (gris : aucune)"}, "TYPE": "color", "DEFAULT": [0.5, 0.5, 0.5, 1.0]},
    {"NAME": "lights",      "LABEL": {"en": "Colour of the lights (grey: none)", "fr": "Couleur des clartés (gris : aucune)"}, "TYPE": "color", "DEFAULT": [0.5, 0.5, 0.5, 1.0]}
  ]
}*/

// At rest every knob is neutral and the picture comes through untouched, so that the desk may stay in a scene.
// The order is a colourist's: first what the camera saw (balance), then the tones, then the colours.

float light(vec3 c) { return dot(c, vec3(0.2126, 0.7152, 0.0722)); }

void main() {
    vec4 picture = IMG_THIS_PIXEL(inputImage);
    vec3 c = picture.rgb;

    // Warm and cold are one straight line from amber to blue, and rose stands across it. The brightness is put
    // back, or a warmer evening would also be a brighter one.
    vec3 balance = vec3(1.0 + 0.30 * temperature + 0.10 * tint, 1.0 - 0.20 * tint, 1.0 - 0.36 * temperature + 0.10 * tint);
    c *= balance / light(balance);

    // Gain holds black still and moves white; lift holds white still and moves black; gamma holds both.
    c = c * gain;
    c = c + lift * (1.0 - c);
    c = pow(max(c, 0.0), vec3(1.0 / gamma));

    // Contrast turns about the middle. Up, it bends like film: the ends are eased into, not cut off.
    vec3 bent = c * c * (3.0 - 2.0 * c);
    c = contrast > 1.0 ? mix(c, mix(c, bent, step(c, vec3(1.0))), contrast - 1.0) : mix(vec3(0.5), c, contrast);

    float y = light(c);
    c = mix(vec3(y), c, saturation);

    // Split tones: a colour only leans the picture away from grey, the dark end and the bright end apart.
    float high = smoothstep(0.15, 0.85, y);
    vec3 dark = shadows.rgb - light(shadows.rgb), bright = lights.rgb - light(lights.rgb);
    c += dark * ((1.0 - high) * (0.25 + 0.75 * smoothstep(0.0, 0.25, y)) * 0.6) + bright * (high * 0.6);

    gl_FragColor = vec4(c, picture.a);
}

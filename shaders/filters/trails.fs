/*{
  "ISFVSN": "2",
  "DESCRIPTION": "What moves leaves a trail that fades, drifts off and cools: the last second stays in the room.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Filter", "Memory"],
  "INPUTS": [
    {"NAME": "inputImage", "LABEL": {"en": "Picture", "fr": "Image"}, "TYPE": "image"},
    {"NAME": "amount", "LABEL": {"en": "Amount", "fr": "Quantité"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.85},
    {"NAME": "fade",   "LABEL": {"en": "Seconds until half is gone", "fr": "Secondes jusqu'à la moitié"}, "TYPE": "float", "MIN": 0.02, "MAX": 10.0, "DEFAULT": 0.7},
    {"NAME": "trace",  "LABEL": {"en": "What leaves a trail", "fr": "Ce qui laisse une trace"}, "TYPE": "long", "VALUES": [0, 1, 2], "LABELS": ["light", "shadow", "everything"], "DEFAULT": 0},
    {"NAME": "drift",  "LABEL": {"en": "Drift, heights a second", "fr": "Dérive, hauteurs par seconde"}, "TYPE": "point2D", "MIN": [-0.5, -0.5], "MAX": [0.5, 0.5], "DEFAULT": [0.0, 0.03]},
    {"NAME": "grow",   "LABEL": {"en": "Growth a second", "fr": "Croissance par seconde"}, "TYPE": "float", "MIN": -0.5, "MAX": 0.5, "DEFAULT": 0.05},
    {"NAME": "ember",  "LABEL": {"en": "Colour it cools to", "fr": "Couleur en refroidissant"}, "TYPE": "color", "DEFAULT": [1.0, 0.60, 0.42, 1.0]}
  ],
  "PASSES": [
    {"TARGET": "memory", "WIDTH": "$WIDTH / 2", "HEIGHT": "$HEIGHT / 2", "PERSISTENT": true, "FLOAT": true},
    {}
  ]
}*/

// The memory is a picture that is never wiped: each frame it is moved on a little, gives up a part of itself, and
// takes the new picture in. It gives up by the time that passed and not by the frame, so a slow machine and a fast
// one remember equally long. It is kept in floats: in eight bits the last few steps would never fade.

void main() {
    vec4 now = IMG_THIS_PIXEL(inputImage);
    vec4 fresh = vec4(now.rgb * now.a, now.a);               // colour times alpha, so that nothing dark is dragged along
    if (PASSINDEX == 0) {
        vec2 tall = vec2(RENDERSIZE.y / RENDERSIZE.x, 1.0);
        vec2 from = (isf_FragNormCoord - 0.5) * (1.0 - grow * TIMEDELTA) + 0.5 - drift * tall * TIMEDELTA;
        vec4 old = IMG_NORM_PIXEL(memory, from);
        // It fades towards the picture of now, not towards black: so it ends in a bright scene as in a dark one.
        float kept = FRAMEINDEX == 0 ? 0.0 : exp2(-TIMEDELTA / fade);
        if (trace == 0) old.rgb *= mix(vec3(1.0), ember.rgb, 1.0 - kept);
        old = mix(fresh, old, kept);
        gl_FragColor = trace == 0 ? max(fresh, old) : trace == 1 ? vec4(min(fresh.rgb, old.rgb), max(fresh.a, old.a)) : old;
    } else {
        vec4 c = IMG_THIS_PIXEL(memory);
        // The memory has half the rows; where it says what the picture says, the picture says it sharper.
        if (trace == 0) c = max(c, fresh);
        if (trace == 1) c.rgb = min(c.rgb, fresh.rgb);
        c = mix(fresh, c, amount);
        gl_FragColor = vec4(c.a > 0.0 && amount > 0.0 ? c.rgb / c.a : now.rgb, c.a);
    }
}

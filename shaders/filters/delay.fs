/*{
  "ISFVSN": "2",
  "DESCRIPTION": "A second time, later: the picture of up to four seconds ago laid over the picture of now. An echo, a bar behind.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Filter", "Memory", "Twin"],
  "INPUTS": [
    {"NAME": "inputImage", "LABEL": {"en": "Picture", "fr": "Image"}, "TYPE": "image"},
    {"NAME": "amount", "LABEL": {"en": "How strong the echo is", "fr": "Force de l'écho"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.7},
    {"NAME": "late",   "LABEL": {"en": "How late, seconds", "fr": "Retard, secondes"}, "TYPE": "float", "MIN": 0.0, "MAX": 4.0, "DEFAULT": 2.0},
    {"NAME": "again",  "LABEL": {"en": "How much of the echo echoes again", "fr": "Part de l'écho qui revient encore"}, "TYPE": "float", "MIN": 0.0, "MAX": 0.9, "DEFAULT": 0.0},
    {"NAME": "how",    "LABEL": {"en": "Laid over", "fr": "Superposition"}, "TYPE": "long", "VALUES": [0, 1], "LABELS": ["as light", "as it is"], "DEFAULT": 0},
    {"NAME": "tint",   "LABEL": {"en": "Tint of the echo", "fr": "Teinte de l'écho"}, "TYPE": "color", "DEFAULT": [0.88, 0.93, 1.0, 1.0]}
  ],
  "PASSES": [
    {"TARGET": "album", "WIDTH": "8 * ceil($WIDTH / 7)", "HEIGHT": "8 * ceil($HEIGHT / 7)", "PERSISTENT": true},
    {"TARGET": "clock", "WIDTH": "1", "HEIGHT": "1", "PERSISTENT": true, "FLOAT": true},
    {}
  ]
}*/

// An album of 64 small pictures, eight by eight, each a seventh of the size: sixteen a second, the oldest pasted over.
// To look back is to open the right page. Between two pages they are mixed, so that the past does not stutter. Beside
// it a clock of one pixel keeps the number of the last page written: no page is skipped, however uneven the frames.

const float PAGE = 1.0 / 15.5;              // seconds; 62 pages are 4 s, and two more are being read or written

vec4 page(float n, vec2 uv) {               // the picture on page n; from its rim half a pixel in, or the neighbour shows
    vec2 inset = 3.0 / IMG_SIZE(album);
    uv = clamp(uv, inset, 1.0 - inset);
    n = mod(n, 64.0);
    return IMG_NORM_PIXEL(album, (vec2(mod(n, 8.0), floor(n / 8.0)) + uv) / 8.0);
}

void main() {
    // The first pass keeps the album, the last shows the picture; both look at one place, now and then.
    vec2 at = isf_FragNormCoord * 8.0, tile = floor(at);
    vec2 uv = PASSINDEX == 0 ? at - tile : isf_FragNormCoord;
    float latest = floor(TIME / PAGE + 0.004);               // so that a frame on the stroke counts as after it
    float back = max(TIME - late, 0.0) / PAGE + 0.0005;
    float n = max(min(floor(back), latest - 1.0), 0.0);      // the newest page may still be drying
    // So small a picture, made large, shows its squares. Four looks round each point would hide them: four pixels
    // that lie together share them out, one each.
    vec2 look = PASSINDEX == 0 ? vec2(0.0) : (mod(floor(gl_FragCoord.xy), 2.0) - 0.5) * 8.0 / IMG_SIZE(album);
    vec4 now = IMG_NORM_PIXEL(inputImage, uv);
    vec4 then = mix(page(n, uv + look), page(n + 1.0, uv + look), clamp(back - n, 0.0, 1.0));
    if (PASSINDEX == 0) {
        // A page is written when its moment has come since the last one: in one frame of four, or several at once
        // when the machine is slow. With a new album all are, so that the past begins as the present.
        vec4 last = IMG_NORM_PIXEL(clock, vec2(0.5));
        bool fresh = last.a < 0.5;
        float due = last.r > latest ? 1.0 : latest - last.r; // time that was turned back goes on from where it is
        float mine = tile.x + 8.0 * tile.y;
        vec4 next = fresh ? now : mix(now, max(now, then), again);
        gl_FragColor = fresh || mod(latest - mine, 64.0) < due ? next : IMG_THIS_PIXEL(album);
    } else if (PASSINDEX == 1) {
        gl_FragColor = vec4(latest, 0.0, 0.0, 1.0);
    } else {
        // Weighed by alpha, so that an echo of nothing is nothing. "As light" keeps the brighter of the two, like
        // two exposures of one film; "as it is" lays the past over the present like a pane.
        vec4 c = vec4(now.rgb * now.a, now.a), echo = vec4(then.rgb * tint.rgb * then.a, then.a);
        c = how == 0 ? max(c, echo * amount) : mix(c, echo, amount);
        gl_FragColor = amount > 0.0 && c.a > 0.0 ? vec4(c.rgb / c.a, c.a) : now;
    }
}

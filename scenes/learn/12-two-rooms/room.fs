/*{
  "ISFVSN": "2",
  "DESCRIPTION": "A dark room; all that lies below is seen through its window. / Une chambre sombre ; le reste est à la fenêtre.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Lesson"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "near", "LABEL": "How near, here / Proche, ici", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5}
  ]
}*/

// The window is the whole picture, smaller: 0.62 of its width and height, so it has the shape of the wall.
// La fenêtre est l'image entière, plus petite : 0.62 de sa largeur et de sa hauteur, donc de la forme du mur.
const vec2 low = vec2(0.19, 0.33), wide = vec2(0.62, 0.62);

// How much light a window with a cross in it lets through at this point, 0 to 1; blur softens its edges.
// Combien de lumière passe en ce point par une fenêtre à croisillon, de 0 à 1 ; blur en adoucit les bords.
float open(vec2 at, float blur) {
    vec2 side = smoothstep(-blur, blur, 0.5 - abs(at - 0.5));
    vec2 thick = 0.006 * min(RENDERSIZE.x, RENDERSIZE.y) / RENDERSIZE;
    vec2 bar = smoothstep(thick - blur, thick + blur, abs(at - vec2(0.5, 0.62)));
    return side.x * side.y * bar.x * bar.y;
}

// The mean colour round a point of the view: the light that comes from there.
// La couleur moyenne autour d'un point de la vue : la lumière qui vient de là.
vec3 light(vec2 at, float reach) {
    vec3 sum = vec3(0.0);
    for (int i = 0; i < 16; i++) {
        vec2 off = vec2(cos(float(i) * 2.4), sin(float(i) * 2.4)) * sqrt(float(i) / 16.0);
        sum += IMG_NORM_PIXEL(inputImage, clamp(at + off * reach, 0.0, 1.0)).rgb / 16.0;
    }
    return sum;
}

void main() {
    vec2 at = isf_FragNormCoord, view = (at - low) / wide;

    // The wall: nearly black, lit by what is near along the window's edge.
    // Le mur : presque noir, éclairé par ce qui est proche au bord de la fenêtre.
    vec2 off = max(abs(view - 0.5) - 0.5, 0.0);
    vec3 colour = vec3(0.022, 0.019, 0.024) + light(view, 0.35) * 0.22 / (1.0 + 24.0 * dot(off, off));

    // The floor begins at 0.22: there the window lies again, longer and softer the nearer it is to us.
    // Le sol commence à 0.22 : la fenêtre s'y couche, plus longue et plus floue en venant vers nous.
    if (at.y < 0.22) {
        float near_us = 1.0 - at.y / 0.22;
        vec2 cast = vec2(0.5 + (view.x - 0.5) / (1.0 + 0.7 * near_us), 1.02 * near_us);
        vec3 shine = light(vec2(cast.x, 1.0 - cast.y), 0.10) * open(vec2(cast.x, 1.0 - cast.y), 0.02 + 0.10 * near_us);
        colour = vec3(0.016, 0.014, 0.018) + shine * (0.70 + 0.40 * near) * (1.0 - 0.6 * near_us);
    }
    vec3 seen = IMG_NORM_PIXEL(inputImage, view).rgb;
    colour = mix(colour, seen, open(view, 0.6 / (RENDERSIZE.y * wide.y)));
    gl_FragColor = vec4(colour, 1.0);
}

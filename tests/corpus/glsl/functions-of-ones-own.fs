/*{"INPUTS": [{"NAME": "im", "TYPE": "image"}, {"NAME": "length", "TYPE": "float", "DEFAULT": 0.2}]}*/
// image im quarters.png
// expect 0,0: 102 51 51 255
// round, mod and IMG_NORM_PIXEL by the artist: 0.4; an input called length beside the function: 0.2; saturate 0.2.
float round(float x) { return 0.4 + x * 0.0; }
vec4 IMG_NORM_PIXEL(sampler2D s, vec2 p) { return vec4(0.2); }
float saturate(float x) { return clamp(x, 0.0, 1.0); }
float mod289(float x) { return mod(x, 289.0); }
void main() { gl_FragColor = vec4(round(0.9), length * length(vec2(0.6, 0.8)), saturate(IMG_NORM_PIXEL(im, vec2(0.0)).r), mod289(290.0)); }

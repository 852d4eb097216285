/*{"PERSISTENT_BUFFERS": ["a"], "PASSES": [{"TARGET": "a"}, {}]}*/
// frames 2
// expect 0,0: 102 102 102 102
void main() { vec2 p = vv_FragNormCoord; gl_FragColor = PASSINDEX == 0 ? IMG_NORM_PIXEL(a, p) + 0.2 : IMG_NORM_PIXEL(a, p); }

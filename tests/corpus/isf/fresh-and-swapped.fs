/*{"PASSES": [{"TARGET": "a"}, {"TARGET": "a"}, {}]}*/
// expect 0,0: 102 102 102 102
// The second pass into a reads what the first wrote: 0.2 + 0.2.
void main() { gl_FragColor = PASSINDEX == 0 ? vec4(0.2) : PASSINDEX == 1 ? IMG_THIS_PIXEL(a) + 0.2 : IMG_THIS_PIXEL(a); }

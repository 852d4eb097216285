/*{"PASSES": [{"TARGET": "a", "PERSISTENT": true}, {}]}*/
// frames 2
// expect 0,0: 0 0 0 255
// Without FLOAT a thousandth is lost in eight bits, twice.
void main() { gl_FragColor = PASSINDEX == 0 ? vec4(IMG_THIS_PIXEL(a).rgb + 0.001, 1.0) : vec4(IMG_THIS_PIXEL(a).rgb * 100.0, 1.0); }

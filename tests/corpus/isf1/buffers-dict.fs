/*{"PERSISTENT_BUFFERS": {"a": {"WIDTH": 4, "HEIGHT": "$HEIGHT/2", "FLOAT": true}, "idle": {"WIDTH": 3}}, "PASSES": [{"TARGET": "a"}, {}]}*/
// frames 2
// size 8x4
// expect 0,0: 102 102 51 77
// a: two fifths after two frames; its size 4 × 2: 0.2 of 20. A buffer that no pass draws is there, 3 wide: 0.3 of 10.
void main() { gl_FragColor = PASSINDEX == 0 ? IMG_THIS_PIXEL(a) + 0.2 : vec4(IMG_THIS_PIXEL(a).rg, IMG_SIZE(a).x / 20.0, IMG_SIZE(idle).x / 10.0); }

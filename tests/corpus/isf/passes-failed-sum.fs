/*{"PASSES": [{"TARGET": "a", "WIDTH": "nonsense * 2", "HEIGHT": "$HEIGHT +"}, {}]}*/
// expect 0,0: 51 51 0 255
// A sum that cannot be worked out is 1, as in the reference: 1 of 5.
void main() { gl_FragColor = vec4(IMG_SIZE(a) / 5.0, 0.0, 1.0); }

/*{"PASSES": [{"TARGET": "a", "PERSISTENT": "true", "FLOAT": 1}]}*/
// frames 2
// expect 0,0: 102 102 102 102
void main() { gl_FragColor = IMG_THIS_PIXEL(a) + 0.2; }

/*{"INPUTS": [{"NAME": "up", "TYPE": "float", "DEFAULT": 1.0}]}*/
// size 2x2
// expect 0,0: 255 255 255 255
// expect 0,1: 0 0 0 0
// The quad goes up by one, half of the picture: the lower half stays empty.
void main() { gl_FragColor = vec4(1.0); }

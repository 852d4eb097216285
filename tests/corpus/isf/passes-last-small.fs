/*{"PASSES": [{"TARGET": "a", "WIDTH": "2", "HEIGHT": "1"}]}*/
// size 4x2
// expect 0,1: 51 51 51 255
// expect 2,1: 0 0 0 0
// expect 0,0: 0 0 0 0
// The last pass reaches the output pixel for pixel, from the lower left corner.
void main() { gl_FragColor = vec4(vec3(0.2), 1.0); }

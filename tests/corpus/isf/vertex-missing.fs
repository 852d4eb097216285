/*{}*/
// size 5x5
// expect 0,0: 25 230 0 255
// A varying that no vertex shader gives is the place in the picture; both spellings, behind a condition.
#if __VERSION__ <= 120
varying vec2 somewhere;
#else
in vec2 somewhere;
#endif
void main() { gl_FragColor = vec4(somewhere, 0.0, 1.0); }

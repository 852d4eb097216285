/*{}*/
// expect 0,0: 51 0 0 255
// Accents — and a no-break space in the code – are no fault.
void main() { gl_FragColor = vec4(0.2, 0.0, 0.0, 1.0); } /* é unclosed at the end

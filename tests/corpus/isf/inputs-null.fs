/*{"INPUTS": null, "IMPORTED": {}, "PERSISTENT_BUFFERS": []}*/
// expect 0,0: 51 51 51 255
void main() { gl_FragColor = vec4(vec3(0.2), 1.0); }

/*{"IMPORTED": [{"NAME": "sky", "TYPE": "cube", "PATH": ["pictures/half.png", "pictures/blue.png", "pictures/half.png", "pictures/blue.png", "pictures/half.png", "pictures/blue.png"]}]}*/
// expect 0,0: 102 0 204 255
// +X is (102, 0, 0), -X (0, 0, 204).
void main() { gl_FragColor = textureCube(sky, vec3(1.0, 0.0, 0.0)) * vec4(1.0, 1.0, 1.0, 0.5) + texture(sky, vec3(-1.0, 0.0, 0.0)) * vec4(1.0, 1.0, 1.0, 0.5); }

/*{"INPUTS": [{"NAME": "im", "TYPE": "image"}]}*/
// image im quarters.png
// expect 0,0: 255 0 0 255
// Rectangle textures count pixels: 0.5, 1.5 is red's centre.
vec4 old(sampler2DRect s) { return texture2DRect(s, vec2(0.5, 1.5)); }
void main() { gl_FragColor = old(im) * 0.5 + texture2DRect(im, vec2(0.5, 1.5)) * 0.5; }

/*{"INPUTS": [{"NAME": "inputImage", "TYPE": "image"}]}*/
// size 2x2
// image inputImage quarters.png
// expect 0,0: 255 0 0 255
// expect 1,1: 255 255 255 255
void main() { gl_FragColor = IMG_THIS_PIXEL(inputImage) * 0.5 + IMG_THIS_NORM_PIXEL(inputImage) * 0.5; }

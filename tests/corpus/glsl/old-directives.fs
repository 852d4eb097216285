/*{}*/
#version 120
#extension GL_OES_standard_derivatives : require
#extension all : warn
#ifdef GL_ES
precision mediump float;
precision highp int;
#endif
precision mediump float;
// expect 0,0: 51 0 0 255
uniform float TIME;
uniform vec2 RENDERSIZE; varying vec2 isf_FragNormCoord;
void main() { mediump float x = fwidth(gl_FragCoord.x) * 0.2; gl_FragColor = vec4(x, TIME, 0.0, 1.0); }

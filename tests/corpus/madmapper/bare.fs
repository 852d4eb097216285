// size 5x5
// expect 0,0: 25 230 0 255
vec4 materialColorForPixel( vec2 texCoord )
{
	return vec4(texCoord, 0., 1.0);
}

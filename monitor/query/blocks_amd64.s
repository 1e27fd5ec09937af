#include "textflag.h"

// Sixteen bytes each: what makes capitals small; what takes z and 9 to 127, and
// the numbers below those that a and 0 become; c2 and e2 with the first.
DATA bytes<>+0(SB)/8, $0x2020202020202020
DATA bytes<>+8(SB)/8, $0x2020202020202020
DATA bytes<>+16(SB)/8, $0x0505050505050505
DATA bytes<>+24(SB)/8, $0x0505050505050505
DATA bytes<>+32(SB)/8, $0x6565656565656565
DATA bytes<>+40(SB)/8, $0x6565656565656565
DATA bytes<>+48(SB)/8, $0x4646464646464646
DATA bytes<>+56(SB)/8, $0x4646464646464646
DATA bytes<>+64(SB)/8, $0x7575757575757575
DATA bytes<>+72(SB)/8, $0x7575757575757575
DATA bytes<>+80(SB)/8, $0xe2e2e2e2e2e2e2e2
DATA bytes<>+88(SB)/8, $0xe2e2e2e2e2e2e2e2
GLOBL bytes<>(SB), RODATA|NOPTR, $96

// SIXTEEN leaves the bits of the sixteen bytes at an offset in AX and BX. The
// high bit of a byte beyond ASCII is the one that is gathered.
#define SIXTEEN(offset) \
	MOVOU    offset(SI), X0; \
	MOVO     X0, X1; \
	POR      X8, X1; \
	MOVO     X1, X2; \
	PADDB    X9, X2; \
	PCMPGTB  X10, X2; \
	MOVO     X0, X3; \
	PADDB    X11, X3; \
	PCMPGTB  X12, X3; \
	POR      X3, X2; \
	POR      X0, X2; \
	PCMPEQB  X13, X1; \
	PMOVMSKB X2, AX; \
	PMOVMSKB X1, BX

// func classify(out *classes, text *byte, n int)
TEXT ·classify(SB), NOSPLIT, $0-24
	MOVQ  out+0(FP), DI
	MOVQ  text+8(FP), SI
	MOVQ  n+16(FP), CX
	MOVOU bytes<>+0(SB), X8
	MOVOU bytes<>+16(SB), X9
	MOVOU bytes<>+32(SB), X10
	MOVOU bytes<>+48(SB), X11
	MOVOU bytes<>+64(SB), X12
	MOVOU bytes<>+80(SB), X13

block:
	SIXTEEN(48)
	MOVQ AX, R8
	MOVQ BX, R9
	SHLQ $16, R8
	SHLQ $16, R9
	SIXTEEN(32)
	ORQ  AX, R8
	ORQ  BX, R9
	SHLQ $16, R8
	SHLQ $16, R9
	SIXTEEN(16)
	ORQ  AX, R8
	ORQ  BX, R9
	SHLQ $16, R8
	SHLQ $16, R9
	SIXTEEN(0)
	ORQ  AX, R8
	ORQ  BX, R9
	MOVQ R8, 0(DI)
	MOVQ R9, 8(DI)
	ADDQ $64, SI
	ADDQ $16, DI
	DECQ CX
	JNZ  block
	RET

package veille

import "strings"

// languageCodes are the codes of ISO 639-1 (Library of Congress, the registry's
// list), and those that it has withdrawn and pages still declare.
const languageCodes = " aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu " +
	"fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky " +
	"la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw " +
	"sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu " +
	"in iw ji jw mo sh "

// otherCodes are codes that people write for languages, each with the one that
// pages declare: countries, and the three letters of ISO 639-2.
const otherCodes = " al=sq at=de au=en cn=zh cz=cs dk=da eg=ar gb=en ge=ka gr=el hk=zh iq=ar ir=fa jo=ar jp=ja kp=ko lk=si mm=my mx=es np=ne nz=en " +
	"ph=tl pk=ur rs=sr sy=ar ua=uk us=en vn=vi ye=ar " +
	"ara=ar bul=bg ces=cs chi=zh cze=cs dan=da deu=de dut=nl ell=el eng=en fas=fa fin=fi fra=fr fre=fr ger=de gre=el heb=he hin=hi hrv=hr hun=hu ind=id " +
	"ita=it jpn=ja kor=ko nld=nl nor=no per=fa pol=pl por=pt ron=ro rum=ro rus=ru slk=sk slv=sl spa=es srp=sr swe=sv tha=th tur=tr ukr=uk urd=ur vie=vi zho=zh "

// LanguageCode reports whether pages declare a language by a code: two small
// letters of ISO 639-1, or three of a language that has no two. For others
// meant is the code that was probably meant; empty where that is not known.
func LanguageCode(code string) (meant string, ok bool) {
	if len(code) != 2 && len(code) != 3 || strings.Trim(code, "abcdefghijklmnopqrstuvwxyz") != "" {
		return "", false
	}
	if _, after, found := strings.Cut(otherCodes, " "+code+"="); found {
		return after[:2], false
	}
	return "", len(code) == 3 || strings.Contains(languageCodes, " "+code+" ")
}

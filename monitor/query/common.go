package query

import (
	"slices"
	"strings"
)

// commonWords are the commonest words of the languages that Veille knows best,
// those that say nothing about what a text is about. A word may be here in
// several languages.
var commonWords = [...]struct{ code, name, words string }{
	{"ar", "Arabic", `في من على إلى إن أن عن مع هذا هذه ذلك التي الذي الذين كان كانت قد ما لا لم لن هو هي هم كل بعد قبل بين حتى
		أو ثم كما عند منذ خلال غير أي وقال قال اليوم وفي ومن وهو وهي وقد أنه وأن به له لها فيه فيها`},
	{"de", "German", `der die das und ist in den von zu mit sich des auf für im dem nicht ein eine als auch es an werden aus er hat dass
		sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man sein
		wurde sei wir ich ihr kann wenn unter sagte gegen vom schon hatte`},
	{"en", "English", `the of and to a in is that for on was with as it he by at be this have from are or had an not but his they which
		were been has their one you its said who will more would about there when all if out up what can we her she so no after
		than also into some other over two could new him them time i my your our us do did`},
	{"es", "Spanish", `de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha me si sin sobre este
		ya entre cuando todo esta ser son dos también fue había era muy años hasta desde está mi porque qué sólo han yo hay vez
		puede todos así nos ni parte tiene él uno donde`},
	{"fr", "French", `de la le les et des en un une du à que qui dans il est pour par au sur pas plus ne ce se avec sont son elle cette
		ou été mais comme on ont aux ses fait nous vous ils leur sa aussi être deux même ces entre sans après dont tout leurs
		était avait c d l n s j y a ai si bien où très peu lui dit`},
	{"it", "Italian", `di e il la che in a per un è del non una le si da con i sono della come al più dei nel anche lo alla ha ma delle gli
		su se o dal questo tra ed ci nella dalla degli alle suo sua era stato quando essere due loro dopo cui hanno fra mai
		questa ancora tutti ad sul prima c l d s`},
	{"ja", "Japanese", `こと ため これ それ あれ この その する した して ある いる あり なり から まで など です ます もの よう という また
		へ や も へと には では とは にも でも れる られ なる なっ 日 年 月 人 者 的 中 大`},
	{"ko", "Korean", `것 수 등 이 그 및 있는 있다 하는 한 할 위해 대한 대해 통해 지난 이날 우리 때 더 또 또한 했다 된다 밝혔다 말했다
		있다고 것으로 것이다 이번 관련 따르면 그는 이는 함께 가장 모두 다른 때문에 하지만`},
	{"pt", "Portuguese", `de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou
		ser quando muito há nos já está eu também só pelo pela até isso ela entre era depois sem mesmo aos ter seus quem nas me
		esse eles essa num nem suas meu às minha têm numa pelos`},
	{"ru", "Russian", `и в не на я что он с как это по но они к у из за от о же для бы так все вы мы а до его ее ей их им при или том уже был
		была было были быть если когда только ещё во со ни под нет этого этом сказал после также более которые который`},
	{"uk", "Ukrainian", `і в не на я що він з як це по але вони до у із за від о ж для б так все ви ми а його її їх їм при або тому вже був була
		було були бути якщо коли тільки ще та й про під немає цього цьому сказав після також більше які який`},
	{"zh", "Chinese", `的 是 在 了 有 和 不 人 这 這 中 大 为 為 上 个 個 国 國 我 以 要 他 时 時 来 來 们 們 到 地 于 於 出 就 对 對 成 会 會 可
		年 也 能 下 过 過 说 說 而 后 後 多 等 日 月 将 將 与 與 及 并 或 但 被 从 從 我们 他们 一个 没有 可以 这个 已经 因为 但是 表示`},
}

// commonIndex holds, by folded word, the languages in which it is common, as
// indexes into commonWords.
type commonIndex map[string][]int

func newCommonIndex() commonIndex {
	index := commonIndex{}
	for i, l := range commonWords {
		for _, w := range strings.Fields(l.words) {
			key := keyOf(wordsOf(w))
			if known := index[key]; len(known) == 0 || known[len(known)-1] != i {
				index[key] = append(known, i)
			}
		}
	}
	return index
}

// languages names the languages, of those with the codes or of all, in which a
// folded word is among the commonest; "" if there is none.
func (x commonIndex) languages(word string, codes []string) string {
	var names []string
	for _, i := range x[word] {
		if len(codes) == 0 || slices.Contains(codes, commonWords[i].code) {
			names = append(names, commonWords[i].name)
		}
	}
	return listed(names)
}

// keyOf writes folded words as one text.
func keyOf(words []termWord) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 && !w.glued {
			b.WriteByte(' ')
		}
		b.WriteString(w.text)
	}
	return b.String()
}

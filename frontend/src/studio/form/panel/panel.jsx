// The properties of what is selected, in our words: only what the server and the diagrams read.
import { DecisionOptions } from './decision.jsx';
import { Condition } from './condition.jsx';
import { Check, Code, Group, NumberBox, Select, Text, Ticks } from './entries.jsx';
import { Options, pointMore } from './options.jsx';
import { showToast } from '../../../page/toast.js';
import { COMPONENTS } from '../palette.js';

const CHOICES = ['select', 'radio', 'checklist', 'taglist'];
const TEXTS = ['textfield', 'textarea'];
const HOLDERS = ['group', 'dynamiclist', 'text', 'separator'];
const MASKS = [['', '不遮盖'], ['name', '姓名'], ['phone', '电话'], ['id', '证件号码']];
const KEY = /^[a-z][a-z0-9_]*$/;

/** `table` is the table of records the field is a column of, if any. */
export function Panel({ field, schema, table, kinds, fields, answer, edit, remove, move, readonly }) {
  if (!field || field.type === 'default') return <FormPanel {...{ schema, edit, answer }} />;
  const name = field.key ?? field.path ?? field.id;
  const problems = (answer?.findings ?? []).filter((each) => each.field === name);
  const ofCondition = problems.filter(({ code }) => ['feel', 'unknown_name'].includes(code));
  const { type } = field;
  const limits = field.validate ?? {};
  const limit = (part) => edit({ validate: tidy({ ...limits, ...part }) });
  const set = (key) => (value) => edit({ [key]: value === '' || value === false ? undefined : value });
  return (
    <fieldset key={field.id} class="panel-fields" disabled={readonly}>
      <header class="panel-head">
        <strong>{COMPONENTS[type]?.name ?? type}</strong>
        <span class="panel-acts">
          <button type="button" class="btn btn-sm" onClick={() => move(-1)}>上移</button>
          <button type="button" class="btn btn-sm" onClick={() => move(1)}>下移</button>
          <button type="button" class="btn btn-sm btn-outline-danger" onClick={remove}>删除</button>
        </span>
      </header>
      {problems.filter((each) => !ofCondition.includes(each)).map(({ message }) => <p key={message} class="entry-problem" role="alert" data-own-words>{message}</p>)}
      {type === 'text' && <Text id="p-text" label="文字（**两个星号**之间加粗）" lines={5} value={field.text} put={set('text')} />}
      {!['text', 'separator'].includes(type) && (
        <Group title="基本">
          <Text id="p-label" label="标题" value={field.label} put={(label) => edit(type === 'datetime' ? { label, ...spoken(field, label) } : { label })} />
          {type !== 'group' && <Key {...{ field, fields, table, edit }} />}
          {HOLDERS.includes(type) ? <Text id="p-help" label="填写说明" lines={3} value={field.help} put={set('help')} />
            : <Text id="p-description" label="说明（在字段下方）" lines={2} value={field.description} put={set('description')} />}
        </Group>
      )}
      {!HOLDERS.includes(type) && type !== 'expression' && (
        <Group title="填写要求">
          <Check id="p-required" label="必填" value={limits.required} put={(required) => limit({ required: required || undefined })} />
          {limits.required && <Text id="p-required-words" label="没有填写时的提示" value={field.requiredMessage} put={set('requiredMessage')} />}
          {TEXTS.includes(type) && <TextLimits {...{ limits, limit }} />}
          {type === 'number' && (
            <>
              <NumberBox id="p-min" label="不小于" value={limits.min} put={(min) => limit({ min })} />
              <NumberBox id="p-max" label="不大于" value={limits.max} put={(max) => limit({ max })} />
              <NumberBox id="p-digits" label="小数位数" min={0} value={field.decimalDigits} put={set('decimalDigits')} />
            </>
          )}
          <Own {...{ field, set, edit, kinds, fields }} />
          <Check id="p-readonly" label="只读（由系统带入）" value={field.readonly} put={set('readonly')} />
        </Group>
      )}
      {CHOICES.includes(type) && (
        <Group title={field.key === 'decision' ? '办理决定（按钮）' : '选项'}>
          {field.key === 'decision' ? <DecisionOptions {...{ field, edit, fields }} />
            : <Options id="p-values" list={field.values} put={(values) => edit({ values })} stem="option" words="选项" />}
        </Group>
      )}
      {type === 'checkpoints' && (
        <Group title="审核要点"><Options id="p-points" list={field.points} put={(points) => edit({ points })} stem="point" words="要点" more={pointMore} /></Group>
      )}
      {type === 'expression' && (
        <Group title="计算"><Text id="p-expression" label="计算式" lines={3} code value={field.expression} put={(text) => edit({ expression: text?.startsWith('=') ? text : `=${text ?? ''}` })} hint={<>如 <Code>=amount * 2</Code>；填写人看到结果，不能修改</>} /></Group>
      )}
      {type === 'dynamiclist' && <TableGroup {...{ field, set, edit }} />}
      {!['text', 'separator'].includes(type) && (
        <Group title="显示条件">
          <Condition key={field.id} {...{ field, schema, edit, problems: ofCondition }} hidden={answer?.values ? answer.hidden.includes(name) : null} />
        </Group>
      )}
      <Group title="显示方式" open={false}>
        <NumberBox id="p-columns" label="宽度（共16格）" min={1} value={field.layout?.columns} hint="空白即自动" put={(columns) => edit({ layout: { ...field.layout, columns: columns ?? null } })} />
        {table && !HOLDERS.includes(type) && <Check id="p-in-table" label="在表格中显示此列" value={field.inTable !== false} put={(shown) => edit({ inTable: shown ? undefined : false })} />}
        {!HOLDERS.includes(type) && <Select id="p-mask" label="公示时遮盖" value={field.mask ?? ''} put={set('mask')} options={MASKS} />}
      </Group>
      {!['group', 'text', 'separator', 'dynamiclist'].includes(type) && !table && (
        <Group title="流程与下一年" open={false}>
          <Check id="p-variable" label="交给流程图使用（流程变量）" value={field.variable} put={set('variable')} hint="流程图的条件可以直接写字段名" />
          <Check id="p-carry" label="下一年重新填写" value={field.carry === false} put={(anew) => edit({ carry: anew ? false : undefined })} hint="沿用上一年申报时不带入" />
          {type === 'textfield' && <Check id="p-suggest" label="从申报内容中提示" value={field.suggest} put={set('suggest')} />}
        </Group>
      )}
    </fieldset>
  );
}

const tidy = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined && value !== ''));

/** A date has its own words beside the box. */
const spoken = (field, label) => (field.subtype === 'time' ? { timeLabel: label } : { dateLabel: label });

const TIMED = { timeSerializingFormat: 'no_timezone', timeInterval: 15, use24h: true };

/** The properties that go with asking for a day, a time or both. */
const asked = ({ label }, subtype) => ({
  subtype,
  dateLabel: subtype === 'time' ? undefined : label,
  timeLabel: { time: label, datetime: '时间' }[subtype],
  ...(subtype === 'date' ? Object.fromEntries(Object.keys(TIMED).map((key) => [key, undefined])) : TIMED),
});

function Key({ field, fields, table, edit }) {
  const property = field.type === 'dynamiclist' ? 'path' : 'key';
  const taken = (key) => !table && fields.some((each) => each !== field && (each.path ?? each.key) === key);
  const put = (key) => {
    const fault = !KEY.test(key ?? '') ? '字段名由小写字母、数字和下划线组成，以字母开头。' : taken(key) && `字段名“${key}”已经有了。`;
    if (fault) showToast(fault, 'error');
    else edit({ [property]: key });
    return !fault;
  };
  return <Text id="p-key" label="字段名" code value={field[property]} put={put} hint="小写字母、数字和下划线，不与其他字段重复；流程和决策表由它取值" />;
}

function TextLimits({ limits, limit }) {
  return (
    <>
      <NumberBox id="p-shortest" label="最少字数" min={0} value={limits.minLength} put={(minLength) => limit({ minLength })} />
      <NumberBox id="p-longest" label="最多字数" min={1} value={limits.maxLength} put={(maxLength) => limit({ maxLength })} />
      <Select id="p-kind" label="格式" value={limits.validationType ?? (limits.pattern ? 'own' : '')} options={[['', '不限'], ['email', '电子邮箱'], ['phone', '带国家代码的电话'], ['own', '自定格式']]}
        put={(kind) => limit(kind === 'own' ? { validationType: undefined, pattern: limits.pattern ?? '^.+$' } : { validationType: kind || undefined, pattern: undefined, patternErrorMessage: undefined })} />
      {limits.pattern !== undefined && (
        <>
          <Text id="p-pattern" label="正则表达式" code value={limits.pattern} put={(pattern) => limit({ pattern })} />
          <Text id="p-pattern-words" label="不符合时的提示" value={limits.patternErrorMessage} put={(patternErrorMessage) => limit({ patternErrorMessage })} />
        </>
      )}
    </>
  );
}

/** What only our own kinds of fields have. */
function Own({ field, set, edit, kinds, fields }) {
  const others = [['', '无'], ...fields.filter((each) => each.key && each !== field).map((each) => [each.key, `${each.label ?? each.key}（${each.key}）`])];
  if (field.type === 'evidence') {
    return (
      <>
        <Text id="p-accept" label="允许的文件" code value={field.accept} put={set('accept')} hint={<>如 <Code>.pdf,.jpg,.png</Code></>} />
        <NumberBox id="p-size" label="单个文件上限（MB）" min={1} value={field.maxSizeMB} put={set('maxSizeMB')} />
      </>
    );
  }
  if (field.type === 'organisation') {
    return <Ticks id="p-kinds" label="可选的机构" value={field.kinds ?? []} options={kinds} put={set('kinds')} hint="都不选即不限" />;
  }
  if (field.type === 'idcard') {
    return (
      <>
        <Select id="p-type-key" label="证件类别取自" value={field.typeKey ?? ''} put={set('typeKey')} options={others} />
        <Select id="p-birth-key" label="与出生年月核对" value={field.birthKey ?? ''} put={set('birthKey')} options={others} />
        <Select id="p-sex-key" label="与性别核对" value={field.sexKey ?? ''} put={set('sexKey')} options={others} />
      </>
    );
  }
  if (field.type === 'yearmonth') return <Check id="p-period" label="起止两个年月" value={field.period} put={set('period')} />;
  if (field.type !== 'datetime') return null;
  return (
    <Select id="p-subtype" label="填写" value={field.subtype} options={[['date', '日期'], ['time', '时间'], ['datetime', '日期和时间']]}
      put={(subtype) => edit(asked(field, subtype))} />
  );
}

function TableGroup({ field, set, edit }) {
  return (
    <Group title="明细表">
      <Select id="p-view" label="显示方式" value={field.view ?? ''} put={set('view')} options={[['table', '表格，在侧栏填写'], ['', '逐行展开']]} />
      <NumberBox id="p-fewest" label="至少行数" min={0} value={field.minRows} put={set('minRows')} />
      <NumberBox id="p-most" label="至多行数" min={1} value={field.maxRows} put={set('maxRows')} />
      <Check id="p-library" label="记入“我的业绩库”" value={field.library} put={set('library')} />
      <Check id="p-fixed" label="行由系统带入，不能增删" value={field.allowAddRemove === false} put={(fixed) => edit({ allowAddRemove: !fixed })} />
      <Check id="p-table-readonly" label="只读" value={field.readonly} put={set('readonly')} />
    </Group>
  );
}

function FormPanel({ schema, edit, answer }) {
  const faults = answer?.findings ?? [];
  return (
    <div class="panel-fields">
      <header class="panel-head"><strong>整张表单</strong></header>
      <p class="entry-note">选中一个字段，在此设置它；从左侧把组件拖进表单。</p>
      <Text id="p-title" label="表单名称" value={schema?.title} put={(title) => edit({ title })} />
      {faults.length > 0 && <ul class="panel-faults">{faults.map(({ message }) => <li key={message} class="entry-problem" data-own-words>{message}</li>)}</ul>}
    </div>
  );
}
